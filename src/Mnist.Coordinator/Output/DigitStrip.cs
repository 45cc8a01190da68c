using Mnist.Learning.Data;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Mnist.Coordinator.Output;

/// <summary>An image and the line below it.</summary>
/// <param name="Pixels">(28, 28), 0 is paper and 255 is ink.</param>
/// <param name="Caption">A few words.</param>
internal sealed record CaptionedDigit(ReadOnlyMemory<byte> Pixels, string Caption);

/// <summary>
/// Draws digits side by side, as many as fit. A character shows two pixels, one above the other: the upper half block has
/// the upper pixel's shade, its background the lower one's.
/// </summary>
internal sealed class DigitStrip(IReadOnlyList<CaptionedDigit> digits) : Renderable
{
    private const string UpperHalfBlock = "▀";
    private const int Gap = 2;

    /// <summary>Shows digits at a terminal that has the characters and the shades for it; elsewhere nothing.</summary>
    public static void Show(IReadOnlyList<CaptionedDigit> digits)
    {
        var console = Terminal.Console;
        if (digits.Count > 0
            && console.Profile.Capabilities is { Unicode: true, ColorSystem: ColorSystem.EightBit or ColorSystem.TrueColor })
        {
            console.Write(new DigitStrip(digits));
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        var shown = digits.Take(Math.Max(1, (maxWidth + Gap) / (ImageSet.Side + Gap))).ToArray();
        for (var y = 0; y < ImageSet.Side; y += 2)
        {
            foreach (var digit in shown)
            {
                for (var x = 0; x < ImageSet.Side; x++)
                {
                    yield return new Segment(UpperHalfBlock, new Style(Shade(digit, y, x), Shade(digit, y + 1, x)));
                }

                yield return Segment.Padding(Gap);
            }

            yield return Segment.LineBreak;
        }

        foreach (var digit in shown)
        {
            yield return new Segment(digit.Caption.PadRight(ImageSet.Side + Gap)[..(ImageSet.Side + Gap)]);
        }

        yield return Segment.LineBreak;
    }

    private static Color Shade(CaptionedDigit digit, int y, int x)
    {
        var ink = digit.Pixels.Span[(y * ImageSet.Side) + x];
        return new Color(ink, ink, ink);
    }
}
