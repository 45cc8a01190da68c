namespace Mnist.Simulator.CommandLine;

/// <summary>Commands for users to copy. They work in the root of the repository, and build first what has changed.</summary>
internal static class UserCommands
{
    private const string Program = "dotnet run -c Release --project src/Mnist.Simulator --";

    /// <summary>Replays a plan.</summary>
    /// <param name="plan">A seed, or the path of a file.</param>
    public static string Replay(string plan) => $"{Program} replay {Quoted(plan)}";

    /// <summary>Shrinks a plan.</summary>
    /// <param name="plan">A seed, or the path of a file.</param>
    public static string Shrink(string plan) => $"{Program} shrink {Quoted(plan)} --out smallest.json";

    private static string Quoted(string text) => text.All(c => char.IsLetterOrDigit(c) || "/._-".Contains(c, StringComparison.Ordinal))
        ? text
        : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
