using System.Numerics;

namespace Mnist.Learning.Imaging;

/// <summary>
/// A font drawn with one pen: every character of printable ASCII, and × · – →, as polylines. Digits have equal widths, so that
/// columns of numbers line up. A character that is missing is drawn as a box.
/// </summary>
public static class StrokeFont
{
    // Glyphs are drawn on a grid with capitals 10 units high; the size of a font is that of its em, 14 units.
    private const float UnitsPerEm = 14;
    private const float StrokeUnits = 1.15f;
    private const float SpacingUnits = 2.6f;
    private const float ArcStepDegrees = 12;
    private static readonly Glyph Missing = Parse("6 M 0 0 L 0 10 L 6 10 L 6 0 L 0 0");
    private static readonly Dictionary<char, Glyph> Glyphs =
        StrokeFontData.Glyphs.ToDictionary(pair => pair.Key, pair => Parse(pair.Value));

    /// <summary>Width of the pen of a regular weight.</summary>
    /// <param name="size">Size of the font in pixels.</param>
    public static float StrokeWidth(float size) => Math.Max(size * StrokeUnits / UnitsPerEm, 1.1f);

    /// <summary>Height of capitals and digits.</summary>
    /// <param name="size">Size of the font in pixels.</param>
    public static float CapHeight(float size) => size * 10 / UnitsPerEm;

    /// <summary>Width of a line of text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="size">Size of the font in pixels.</param>
    public static float Measure(string text, float size) => text.Sum(character => Find(character).Width + SpacingUnits) * size / UnitsPerEm;

    /// <summary>The strokes of a line of text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="origin">Left end of its baseline.</param>
    /// <param name="size">Size of the font in pixels.</param>
    public static IReadOnlyList<IReadOnlyList<Vector2>> Layout(string text, Vector2 origin, float size)
    {
        var strokes = new List<Vector2[]>();
        var scale = new Vector2(size, -size) / UnitsPerEm;
        var x = SpacingUnits / 2;
        foreach (var character in text)
        {
            var glyph = Find(character);
            var offset = new Vector2(x, StrokeUnits / 2);
            strokes.AddRange(glyph.Strokes.Select(stroke => stroke.Select(point => origin + ((point + offset) * scale)).ToArray()));
            x += glyph.Width + SpacingUnits;
        }

        return strokes;
    }

    private static Glyph Find(char character) => Glyphs.GetValueOrDefault(character, Missing);

    /// <summary>Reads a glyph: its width, then commands, y upwards from the baseline.</summary>
    /// <remarks>
    /// <c>M x y</c> starts a stroke, <c>L x y</c> goes on in a line. <c>S x y rx ry a b</c> starts with an arc of the ellipse around (x, y)
    /// from angle a to b in degrees (falling: clockwise), <c>A …</c> goes on with one. <c>O x y rx ry</c> is a whole ellipse,
    /// <c>D x y</c> a dot.
    /// </remarks>
    private static Glyph Parse(string data)
    {
        var words = new Queue<string>(data.Split(' '));
        var width = Number();
        var strokes = new List<List<Vector2>>();
        while (words.TryDequeue(out var command))
        {
            if (command is "M" or "S" or "O" or "D")
            {
                strokes.Add([]);
            }

            var stroke = strokes[^1];
            var at = new Vector2(Number(), Number());
            switch (command)
            {
                case "M" or "L":
                    stroke.Add(at);
                    break;
                case "D":
                    stroke.AddRange([at - new Vector2(0, 0.12f), at + new Vector2(0, 0.12f)]);
                    break;
                case "O":
                    stroke.AddRange(Arc(at, new Vector2(Number(), Number()), 0, 360));
                    break;
                default:
                    stroke.AddRange(Arc(at, new Vector2(Number(), Number()), Number(), Number()));
                    break;
            }
        }

        return new Glyph(width, [.. strokes.Select(stroke => stroke.ToArray())]);

        float Number() => float.Parse(words.Dequeue(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static IEnumerable<Vector2> Arc(Vector2 center, Vector2 radius, float from, float to)
    {
        var steps = (int)MathF.Ceiling(Math.Abs(to - from) / ArcStepDegrees);
        for (var i = 0; i <= steps; i++)
        {
            var angle = float.Lerp(from, to, i / (float)steps) * MathF.PI / 180;
            yield return center + (radius * new Vector2(MathF.Cos(angle), MathF.Sin(angle)));
        }
    }

    private sealed record Glyph(float Width, Vector2[][] Strokes);
}
