using System.Globalization;
using System.Security.Cryptography;

namespace Mnist.Coordinator.Runs;

/// <summary>Names of runs.</summary>
internal static class RunId
{
    /// <summary>A name that says what is trained and when it was begun: <c>tiny-s1-20250131-235959-a1b2</c>.</summary>
    /// <param name="recipe">Name of the recipe.</param>
    /// <param name="seed">Seed of the run.</param>
    /// <param name="now">Now, in any time zone.</param>
    public static string Create(string recipe, ulong seed, DateTimeOffset now)
    {
        // Two runs that begin within a second, on one machine or two, are told apart by chance.
        var chance = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(2));
        return string.Create(CultureInfo.InvariantCulture, $"{recipe}-s{seed}-{now.UtcDateTime:yyyyMMdd-HHmmss}-{chance}");
    }
}
