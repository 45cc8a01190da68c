using System.CommandLine;
using System.CommandLine.Help;
using Mnist.Coordinator.CommandLine.Commands;
using Mnist.Coordinator.Output;
using Mnist.Coordinator.Training;
using Mnist.Grains.Contracts;
using Mnist.Learning;

namespace Mnist.Coordinator.CommandLine;

/// <summary>The program <c>mnist</c>: its commands, and what becomes of their errors.</summary>
internal static class Application
{
    /// <summary>Runs a command line.</summary>
    /// <param name="args">What the user typed after the program's name.</param>
    /// <returns>The exit code, see <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        using var interruption = new Interruption();
        var result = CreateRoot(interruption).Parse(args);
        var isJson = result.GetValue(GlobalOptions.Json);
        if (result.Action is not HelpWithExamples && result.Errors.Count > 0)
        {
            var command = result.CommandResult.Command is RootCommand ? "" : $"{result.CommandResult.Command.Name} ";
            return Fail($"{result.Errors[0].Message} (`mnist {command}--help` lists what there is)", ExitCode.BadInput, isJson);
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

            return exception switch
            {
                InvalidInputException or RunRejectedException => Fail(exception.Message, ExitCode.BadInput, isJson),
                RunFailedException => Fail(exception.Message, ExitCode.Failure, isJson),
                _ => Fail($"{exception.GetType().Name}: {exception.Message} (--verbose shows where)", ExitCode.Failure, isJson),
            };
        }
    }

    private static RootCommand CreateRoot(Interruption interruption)
    {
        (Command Command, string[] Examples)[] commands =
        [
            (TrainCommand.Create(interruption), TrainCommand.Examples),
            (EvaluateCommand.Create(interruption), EvaluateCommand.Examples),
            (PredictCommand.Create(), PredictCommand.Examples),
            (DataCommand.Create(interruption), DataCommand.Examples),
        ];
        var root = new RootCommand("Distributed training of a handwritten-digit classifier.") { GlobalOptions.Json, GlobalOptions.Verbose };
        foreach (var (command, _) in commands)
        {
            root.Add(command);
        }

        var examples = commands.ToDictionary(entry => entry.Command, entry => entry.Examples);
        examples[root] = [.. commands.Select(entry => entry.Examples[0])];
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!, examples);
        root.Options.OfType<VersionOption>().Single().Action = new VersionAction();
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
            JsonLines.Write(new TextEvent("error", line), EventJsonContext.Default.TextEvent);
        }

        return exitCode;
    }
}
