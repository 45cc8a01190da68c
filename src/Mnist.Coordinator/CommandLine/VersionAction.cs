using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using Mnist.Grains;

namespace Mnist.Coordinator.CommandLine;

/// <summary>Prints the version and what the program was built with.</summary>
internal sealed class VersionAction : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var version = typeof(VersionAction).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        parseResult.InvocationConfiguration.Output.WriteLine($"mnist {version}, {Edition.Name} edition ({Edition.Parts})");
        return ExitCode.Success;
    }
}
