using System.Text.Json;

namespace Mnist.Learning.Tests.Fixtures;

/// <summary>A file that a script in this folder wrote; the files travel inside the test assembly.</summary>
internal static class Fixture
{
    /// <summary>Reads a fixture, for example <c>tiny.json</c>.</summary>
    public static JsonElement Read(string file)
    {
        using var stream = typeof(Fixture).Assembly.GetManifestResourceStream($"Fixtures/{file}")
            ?? throw new FileNotFoundException($"no fixture {file} in the test assembly");
        using var document = JsonDocument.Parse(stream);
        return document.RootElement.Clone();
    }

    /// <summary>An array of numbers.</summary>
    public static double[] Numbers(this JsonElement element) => [.. element.EnumerateArray().Select(number => number.GetDouble())];

    /// <summary>Fails unless each value is within tolerance times the largest expected magnitude of its own expectation.</summary>
    public static void AssertClose(IReadOnlyList<double> expected, IReadOnlyList<float> actual, double tolerance, string what)
    {
        Assert.Equal(expected.Count, actual.Count);
        var largest = expected.Max(Math.Abs);
        for (var i = 0; i < expected.Count; i++)
        {
            var error = Math.Abs(expected[i] - actual[i]);
            Assert.True(error <= tolerance * largest, $"{what}[{i}] is {actual[i]:R}, PyTorch has {expected[i]:R}, largest {largest:R}");
        }
    }
}
