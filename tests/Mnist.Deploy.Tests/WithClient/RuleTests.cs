namespace Mnist.Deploy.Tests;

public sealed class RuleTests
{
    /// <summary>The overlay that has an object of every kind.</summary>
    private const string Richest = "cloud";

    public static TheoryData<string> Rules => [.. DeployRule.All.Select(rule => rule.Name)];

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var overlay in Overlay.Names)
            {
                foreach (var rule in DeployRule.All)
                {
                    cases.Add(overlay, rule.Name);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_overlay_keeps_every_rule(string overlay, string rule) => Assert.Empty(Find(rule).Check(Overlay.Load(overlay)));

    [Theory]
    [MemberData(nameof(Rules))]
    public void Every_rule_finds_what_breaks_it(string rule)
    {
        Assert.NotEmpty(Find(rule).Breaks);
        Assert.All(Find(rule).Breaks, spoil =>
        {
            var overlay = Overlay.Load(Richest);
            spoil(overlay);
            Assert.NotEmpty(Find(rule).Check(overlay));
        });
    }

    private static DeployRule Find(string name) => DeployRule.All.Single(rule => rule.Name == name);
}
