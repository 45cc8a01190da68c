namespace Mnist.Deploy.Tests;

/// <summary>What has to hold for the objects of every overlay.</summary>
/// <param name="Name">The rule, as a sentence.</param>
/// <param name="Check">Finds what does not keep it.</param>
/// <param name="Breaks">Changes to objects, each of which the rule has to find.</param>
internal sealed record DeployRule(string Name, Func<Overlay, IEnumerable<string>> Check, params IReadOnlyList<Action<Overlay>> Breaks)
{
    /// <summary>Every rule.</summary>
    public static IReadOnlyList<DeployRule> All { get; } =
        [.. Rules.PodRules.All, .. Rules.SiloRules.All, .. Rules.ReferenceRules.All, .. Rules.NetworkRules.All];
}
