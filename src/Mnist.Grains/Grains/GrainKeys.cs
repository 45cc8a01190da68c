using System.Globalization;
using Mnist.Learning;

namespace Mnist.Grains.Grains;

/// <summary>Keys of the grains that belong to a run: <c>runId/number</c>.</summary>
internal static class GrainKeys
{
    /// <summary>Key of a numbered grain of a run.</summary>
    public static string Of(string runId, int number) => string.Create(CultureInfo.InvariantCulture, $"{runId}/{number}");

    /// <summary>Run and number of a key.</summary>
    /// <exception cref="InvalidInputException">The key is not of that form.</exception>
    public static (string RunId, int Number) Parse(string key)
    {
        var slash = key.LastIndexOf('/');
        return slash > 0 && int.TryParse(key.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (key[..slash], number)
            : throw new InvalidInputException($"grain key {key}: expected runId/number");
    }
}
