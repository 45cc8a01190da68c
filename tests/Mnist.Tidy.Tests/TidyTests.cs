namespace Mnist.Tidy.Tests;

/// <summary>Style as a test: docs/STYLE.md says what, the rules say where.</summary>
public class TidyTests
{
    /// <summary>The names of the rules.</summary>
    public static TheoryData<string> RuleNames { get; } = [.. Rule.All.Select(rule => rule.Name)];

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void The_repository_keeps_the_rule(string ruleName)
    {
        var rule = Rule.All.Single(rule => rule.Name == ruleName);
        var findings = rule.Check(Repository.Own)
            .Where(finding => !ReviewedException.All.Any(exception => exception.Covers(rule, finding)))
            .ToList();
        Assert.True(findings.Count == 0, $"{findings.Count} places break {ruleName}:\n{string.Join('\n', findings)}");
    }

    [Fact]
    public void Every_reviewed_exception_is_still_needed()
    {
        var findings = Rule.All.SelectMany(rule => rule.Check(Repository.Own).Select(finding => (rule, finding))).ToList();
        var unused = ReviewedException.All.Where(exception => !findings.Any(found => exception.Covers(found.rule, found.finding)));
        Assert.Empty(unused);
    }

    [Fact]
    public void The_repository_is_found_with_its_sources()
    {
        Assert.Contains(Repository.Own.Files, file => file.Path == "Mnist.sln");
        Assert.Contains(Repository.Own.Sources, file => file.Path == "tests/Mnist.Tidy.Tests/TidyTests.cs");
        Assert.DoesNotContain(Repository.Own.Files, file => file.Path.Contains("/obj/", StringComparison.Ordinal));
    }
}
