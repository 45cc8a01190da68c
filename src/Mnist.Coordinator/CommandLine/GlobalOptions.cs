using System.CommandLine;

namespace Mnist.Coordinator.CommandLine;

/// <summary>Options that every command, or several of them, understand.</summary>
internal static partial class GlobalOptions
{
    /// <summary>Machine-readable output.</summary>
    public static Option<bool> Json { get; } = Recursive(OptionFactory.Flag(
        "--json", "Print one JSON object a line on standard output, and nothing else"));

    /// <summary>Details for those who look for a fault.</summary>
    public static Option<bool> Verbose { get; } = Recursive(OptionFactory.Flag(
        "--verbose", "Print stack traces and the runtime's warnings on standard error"));

    private static Option<bool> Recursive(Option<bool> option)
    {
        option.Recursive = true;
        return option;
    }
}
