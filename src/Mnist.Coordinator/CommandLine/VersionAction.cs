using System.CommandLine;
using System.CommandLine.Invocation;
using Mnist.Grains;

namespace Mnist.Coordinator.CommandLine;

/// <summary>Prints the version and what the program was built with.</summary>
internal sealed class VersionAction(string program) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine($"{program} {About.Version}, {Edition.Name} edition ({Edition.Parts})");
        return ExitCode.Success;
    }
}
