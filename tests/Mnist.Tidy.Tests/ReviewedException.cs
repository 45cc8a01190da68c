namespace Mnist.Tidy.Tests;

/// <summary>A place where a rule does not hold, with the reason. One that no longer matches anything fails the tests.</summary>
/// <param name="Rule">Name of the rule.</param>
/// <param name="Place">Path of the file or folder.</param>
/// <param name="Text">Part of the line or of the message; empty for all of them.</param>
/// <param name="Reason">Why the rule does not hold there.</param>
internal sealed record ReviewedException(string Rule, string Place, string Text, string Reason)
{
    /// <summary>The exceptions that a reviewer has agreed to.</summary>
    public static IReadOnlyList<ReviewedException> All { get; } =
    [
        new(nameof(Rules.BannedApiRule), "src/Mnist.Grains/Storage/FileGrainStorage.cs", "Task.Run",
            "Storage is outside the simulated world: file I/O leaves the scheduler, and the grain's await returns to it."),
        new(nameof(Rules.BannedApiRule), "src/Mnist.Grains/Storage/FileGrainStorage.cs", "Thread.Sleep",
            "Waits on a thread of the pool for a lock file of another process."),
    ];

    /// <summary>Whether a finding of the rule falls under this exception.</summary>
    public bool Covers(Rule rule, Finding finding) =>
        rule.Name == Rule
        && (finding.Path == Place || finding.Path.StartsWith(Place + "/", StringComparison.Ordinal))
        && (finding.Text + finding.Message).Contains(Text, StringComparison.Ordinal);
}
