using Mnist.Learning.Data;

namespace Mnist.Learning.Imaging;

/// <summary>
/// Turns a picture of a handwritten digit, of any size and polarity, into what the networks read: as MNIST's images were made, the ink
/// is scaled to fit 20×20 pixels with its proportions kept, and its centre of mass is put at row 14 and column 14, counted from 0.
/// </summary>
public static class DigitPreprocessor
{
    private const int Side = ImageSet.Side;

    /// <summary>The longer side of the ink in the result.</summary>
    private const int InkSide = 20;

    /// <summary>Mean row and column of the centres of mass of MNIST's images, measured: 14.0.</summary>
    private const float MassCenter = 14;

    /// <summary>Pictures are reduced to this side before anything else: more detail makes no difference to 20 pixels.</summary>
    private const int WorkSide = 256;

    /// <summary>Side of the coarse image that the paper's brightness is estimated on.</summary>
    private const int PaperSide = 64;

    /// <summary>What is narrower than twice this, on the coarse image, is a stroke; what is wider is paper.</summary>
    private const int StrokeRadius = 12;

    /// <summary>Ink is at least one pixel in this many.</summary>
    private const int InkFraction = 1000;

    /// <summary>Least difference between ink and paper, of 255.</summary>
    private const float ContrastMin = 20;

    /// <summary>Turns a picture into pixels as MNIST stores them.</summary>
    /// <param name="picture">One digit on paper or on a board.</param>
    /// <returns>(28, 28), 0 is paper and 255 is ink.</returns>
    /// <exception cref="InvalidInputException">The picture holds no ink.</exception>
    public static byte[] Prepare(Pixmap picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var grey = GreyImage.FromPicture(picture);
        if (IsPrepared(grey))
        {
            return [.. grey.Values.Select(value => (byte)MathF.Round(value))];
        }

        var scale = Math.Max(1f, Math.Max(grey.Width, grey.Height) / (float)WorkSide);
        var (width, height) = ((int)Math.Max(1, grey.Width / scale), (int)Math.Max(1, grey.Height / scale));
        var work = grey.Resample(0, 0, grey.Width, grey.Height, width, height);
        var bright = IsLightOnDark(work) ? work : work.Map(value => byte.MaxValue - value);
        return Center(Crop(ExtractInk(bright)));
    }

    /// <summary>Whether the picture is already as MNIST's are: 28×28, light ink on dark that fits the square for ink.</summary>
    private static bool IsPrepared(GreyImage grey)
    {
        if (grey.Width != Side || grey.Height != Side || !IsLightOnDark(grey) || Border(grey).Order().ElementAt(2 * Side) > 0)
        {
            return false;
        }

        var ink = Bounds(grey, byte.MaxValue / 2f);
        return ink is { Width: > 0 and <= InkSide, Height: <= InkSide };
    }

    /// <summary>Whether ink is lighter than paper: most of the border is nearer to the darkest shades than to the lightest.</summary>
    private static bool IsLightOnDark(GreyImage image)
    {
        var shades = image.Values.Order().ToArray();
        var border = Border(image).Order().ToArray();
        var paper = border[border.Length / 2];
        var (darkest, lightest) = (shades[shades.Length / 100], shades[^(1 + (shades.Length / 100))]);
        return paper - darkest < lightest - paper;
    }

    private static IEnumerable<float> Border(GreyImage image)
    {
        for (var y = 0; y < image.Height; y++)
        {
            var isEdge = y == 0 || y == image.Height - 1;
            for (var x = 0; x < image.Width; x += isEdge ? 1 : Math.Max(image.Width - 1, 1))
            {
                yield return image.Values[(y * image.Width) + x];
            }
        }
    }

    /// <summary>Ink from 0 to 1: what stands out from the paper around it, by more than half of what the strokes do.</summary>
    private static GreyImage ExtractInk(GreyImage bright)
    {
        var raised = RemovePaper(bright);

        // Where ink is a small part of the picture, the threshold between groups falls into the noise of the paper.
        var strong = raised.Values.Order().ElementAt(raised.Values.Length - 1 - (raised.Values.Length / InkFraction));
        var threshold = Math.Max(InkMask.Threshold(raised.Values), strong * 0.4f);
        var mask = InkMask.KeepDigit([.. raised.Values.Select(value => value > threshold)], raised.Width, raised.Height);
        var strokes = raised.Values.Where((_, i) => mask[i]).Order().ToArray();
        if (strokes.Length == 0 || strokes[strokes.Length / 2] < ContrastMin)
        {
            throw new InvalidInputException("picture holds no ink that stands out from its paper, expected one digit");
        }

        // The edge of a stroke lies just below the threshold: one pixel around the mask keeps it smooth.
        var near = new GreyImage(raised.Width, raised.Height, [.. mask.Select(isInk => isInk ? 1f : 0f)]).Filter(1, Math.Max);
        var full = strokes[strokes.Length / 2];
        return raised.Combine(near, (value, isNear) => isNear * Math.Clamp((value - (threshold / 2)) / (full - (threshold / 2)), 0, 1));
    }

    /// <summary>
    /// Subtracts the paper, whose brightness may vary: the morphological opening of the coarse image (J. Serra, "Image Analysis and
    /// Mathematical Morphology", 1982), which removes all that is narrower than a stroke can be.
    /// </summary>
    private static GreyImage RemovePaper(GreyImage bright)
    {
        var scale = Math.Max(1f, Math.Max(bright.Width, bright.Height) / (float)PaperSide);
        var (width, height) = ((int)Math.Max(1, bright.Width / scale), (int)Math.Max(1, bright.Height / scale));
        var paper = bright.Resample(0, 0, bright.Width, bright.Height, width, height)
            .Filter(StrokeRadius, Math.Min).Filter(StrokeRadius, Math.Max);
        var values = new float[bright.Values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var x = (((i % bright.Width) + 0.5f) * width / bright.Width) - 0.5f;
            var y = (((i / bright.Width) + 0.5f) * height / bright.Height) - 0.5f;
            values[i] = Math.Max(bright.Values[i] - paper.Interpolate(x, y), 0);
        }

        return bright with { Values = values };
    }

    /// <summary>Cuts the ink out and scales its longer side to <see cref="InkSide"/>.</summary>
    private static GreyImage Crop(GreyImage ink)
    {
        var (left, top, width, height) = Bounds(ink, 0.5f);
        var scale = InkSide / (float)Math.Max(width, height);
        var small = ink.Resample(
            left, top, width, height, Math.Max(1, (int)MathF.Round(width * scale)), Math.Max(1, (int)MathF.Round(height * scale)));

        // A stroke thinner than a pixel fades when it is averaged; the pen was black all the same.
        var darkest = small.Values.Max();
        return small.Map(value => value / darkest);
    }

    /// <summary>The smallest rectangle that holds all values from a threshold on; of width 0 where there are none.</summary>
    private static (int Left, int Top, int Width, int Height) Bounds(GreyImage image, float threshold)
    {
        var inked = Enumerable.Range(0, image.Values.Length).Where(i => image.Values[i] >= threshold).ToArray();
        if (inked.Length == 0)
        {
            return default;
        }

        var (left, right) = (inked.Min(i => i % image.Width), inked.Max(i => i % image.Width));
        var (top, bottom) = (inked[0] / image.Width, inked[^1] / image.Width);
        return (left, top, right - left + 1, bottom - top + 1);
    }

    /// <summary>Puts the centre of mass at <see cref="MassCenter"/>, as far as the ink stays inside.</summary>
    private static byte[] Center(GreyImage ink)
    {
        var mass = ink.Values.Sum();
        var massX = ink.Values.Select((value, i) => value * (i % ink.Width)).Sum() / mass;
        var massY = ink.Values.Select((value, i) => value * (i / ink.Width)).Sum() / mass;
        var left = Math.Clamp((int)MathF.Round(MassCenter - massX), 0, Side - ink.Width);
        var top = Math.Clamp((int)MathF.Round(MassCenter - massY), 0, Side - ink.Height);
        var pixels = new byte[ImageSet.PixelsPerImage];
        for (var i = 0; i < ink.Values.Length; i++)
        {
            pixels[((top + (i / ink.Width)) * Side) + left + (i % ink.Width)] = (byte)MathF.Round(ink.Values[i] * byte.MaxValue);
        }

        return pixels;
    }
}
