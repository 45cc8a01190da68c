using Mnist.Learning.Specification;

namespace Mnist.Learning.Tests.Specification;

/// <summary>Run specifications for tests that need one, whatever it says.</summary>
internal static class TestRuns
{
    public const string DatasetSha256 = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    public static RunSpec Create(
        string recipe = "tiny", ulong seed = 1, int samples = 1_000, RunOverrides? overrides = null) =>
        Recipes.Create(recipe, seed, DatasetSha256, samples, (overrides ?? RunOverrides.None) with
        {
            ValidationSamples = overrides?.ValidationSamples ?? 0,
        });
}
