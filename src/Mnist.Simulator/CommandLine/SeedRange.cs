using System.CommandLine;
using System.Globalization;

namespace Mnist.Simulator.CommandLine;

/// <summary>Seeds that follow one another.</summary>
/// <param name="First">The first.</param>
/// <param name="Last">The last, which belongs to the range too.</param>
internal readonly record struct SeedRange(ulong First, ulong Last)
{
    private const string Separator = "..";

    /// <summary>False for a range that only says where to begin.</summary>
    public bool HasEnd => Last < ulong.MaxValue;

    /// <summary>Number of seeds less one, which fits whatever the range.</summary>
    public ulong Span => Last - First;

    /// <summary>Reads <c>A..B</c>, <c>A..</c> or <c>A</c>.</summary>
    public static bool TryParse(string text, out SeedRange range)
    {
        var parts = text.Split(Separator);
        range = default;
        if (parts.Length > 2 || !TryParseSeed(parts[0], out var first))
        {
            return false;
        }

        var last = parts.Length == 1 ? first : ulong.MaxValue;
        if (parts.Length == 2 && parts[1].Length > 0 && !TryParseSeed(parts[1], out last))
        {
            return false;
        }

        range = new SeedRange(first, last);
        return first <= last;
    }

    /// <summary>Reads a seed.</summary>
    public static bool TryParseSeed(string text, out ulong seed) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seed);

    /// <summary>An option that takes seeds.</summary>
    public static Option<SeedRange?> CreateOption(string name, string description) => new(name)
    {
        HelpName = "A..B",
        Description = description,
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (TryParse(text, out var range))
            {
                return range;
            }

            result.AddError($"{name} is '{text.ReplaceLineEndings(" ")}', expected seeds, for example 1..1000, or 17, or 17.. for no end");
            return null;
        },
    };
}
