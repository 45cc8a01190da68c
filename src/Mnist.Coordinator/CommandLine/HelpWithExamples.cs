using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Mnist.Coordinator.CommandLine;

/// <summary>The usual help, then examples of the command and the exit codes.</summary>
internal sealed class HelpWithExamples(HelpAction usual, IReadOnlyDictionary<Command, string[]> examples, string failure)
    : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var exitCode = usual.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        if (examples.TryGetValue(parseResult.CommandResult.Command, out var lines))
        {
            output.WriteLine("Examples:");
            foreach (var line in lines)
            {
                output.WriteLine($"  {line}");
            }

            output.WriteLine();
        }

        output.WriteLine("Exit codes:");
        output.WriteLine($"  {ExitCode.Success}    done");
        output.WriteLine($"  {ExitCode.Failure}    {failure}");
        output.WriteLine($"  {ExitCode.BadInput}    an option, a file or a folder is not usable");
        output.WriteLine($"  {ExitCode.Interrupted}  interrupted by Ctrl-C (SIGINT)");
        output.WriteLine($"  {ExitCode.Terminated}  interrupted by SIGTERM");
        return exitCode;
    }
}
