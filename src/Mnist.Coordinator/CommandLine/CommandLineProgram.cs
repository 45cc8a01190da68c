using System.CommandLine;
using System.CommandLine.Help;
using Mnist.Coordinator.Output;
using Mnist.Learning;

namespace Mnist.Coordinator.CommandLine;

/// <summary>A program that is used by commands: its help, and what becomes of its errors.</summary>
internal sealed class CommandLineProgram
{
    /// <summary>What users type.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for, in a sentence.</summary>
    public required string Description { get; init; }

    /// <summary>What <see cref="ExitCode.Failure"/> says.</summary>
    public string Failure { get; init; } = "unexpected failure";

    /// <summary>The commands, each with lines that show how it is used.</summary>
    public required (Command Command, string[] Examples)[] Commands { get; init; }

    /// <summary>The exit code for an exception whose message says enough; null for what nobody expects.</summary>
    public Func<Exception, int?> ExitCodeOf { get; init; } = exception => exception is InvalidInputException ? ExitCode.BadInput : null;

    /// <summary>Runs a command line.</summary>
    /// <param name="args">What the user typed after the program's name.</param>
    /// <param name="interruption">What the commands listen to.</param>
    /// <returns>The exit code, see <see cref="ExitCode"/>.</returns>
    public async Task<int> RunAsync(string[] args, Interruption interruption)
    {
        var result = CreateRoot().Parse(args);
        var isJson = result.GetValue(GlobalOptions.Json);
        if (result.Action is not HelpWithExamples && result.Errors.Count > 0)
        {
            var command = result.CommandResult.Command is RootCommand ? "" : $"{result.CommandResult.Command.Name} ";
            return Fail($"{result.Errors[0].Message} (`{Name} {command}--help` lists what there is)", ExitCode.BadInput, isJson);
        }

        try
        {
            // The command line's own handlers of errors and signals would print stack traces, and end without a checkpoint.
            var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await result.InvokeAsync(invocation, CancellationToken.None);
        }
        catch (OperationCanceledException) when (interruption.ExitCode != 0)
        {
            return Fail("interrupted", interruption.ExitCode, isJson);
        }
        catch (Exception exception)
        {
            if (result.GetValue(GlobalOptions.Verbose))
            {
                Console.Error.WriteLine(exception);
            }

            return ExitCodeOf(exception) is { } exitCode
                ? Fail(exception.Message, exitCode, isJson)
                : Fail($"{exception.GetType().Name}: {exception.Message} (--verbose shows where)", ExitCode.Failure, isJson);
        }
    }

    private RootCommand CreateRoot()
    {
        var root = new RootCommand(Description) { GlobalOptions.Json, GlobalOptions.Verbose };
        foreach (var (command, _) in Commands)
        {
            root.Add(command);
        }

        var examples = Commands.ToDictionary(entry => entry.Command, entry => entry.Examples);
        examples[root] = [.. Commands.Select(entry => entry.Examples[0])];
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!, examples, Failure);
        root.Options.OfType<VersionOption>().Single().Action = new VersionAction(Name);
        root.SetAction(result =>
        {
            _ = ((HelpWithExamples)help.Action).Invoke(result);
            return ExitCode.BadInput;
        });
        return root;
    }

    /// <summary>Says in one line on standard error why the program ends, and once more in the form that programs read.</summary>
    private static int Fail(string message, int exitCode, bool isJson)
    {
        var line = message.ReplaceLineEndings(" ");
        Console.Error.WriteLine($"error: {line}");
        if (isJson)
        {
            JsonLines.Write(new TextEvent("error", line));
        }

        return exitCode;
    }
}
