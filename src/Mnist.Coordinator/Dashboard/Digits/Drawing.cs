using Mnist.Learning;
using Mnist.Learning.Imaging;

namespace Mnist.Coordinator.Dashboard.Digits;

/// <summary>What was drawn on the pad, made into what the networks read.</summary>
internal static class Drawing
{
    /// <summary>Side of what the pad sends: four times that of a digit, enough for its strokes and little to send.</summary>
    public const int Side = 112;

    /// <summary>Scales and centres a drawing as MNIST's digits are and as <c>mnist predict</c> does.</summary>
    /// <param name="ink">(side, side), 0 is paper and 255 is ink.</param>
    /// <returns>(28, 28), 0 is paper and 255 is ink; null where nothing is drawn.</returns>
    /// <exception cref="InvalidInputException">It is of another size.</exception>
    public static byte[]? Prepare(byte[] ink)
    {
        if (ink.Length != Side * Side)
        {
            throw new InvalidInputException($"drawing has {ink.Length} values, expected {Side} × {Side}");
        }

        if (!ink.AsSpan().ContainsAnyExcept((byte)0))
        {
            return null;
        }

        var grey = Array.ConvertAll(ink, value => (byte)(byte.MaxValue - value));
        return DigitPreprocessor.Prepare(Pixmap.FromGrey(grey, Side, Side));
    }

    /// <summary>Pixels as parts of full ink.</summary>
    /// <param name="pixels">0 is paper and 255 is ink.</param>
    public static float[] Shares(byte[] pixels) => Array.ConvertAll(pixels, value => value / (float)byte.MaxValue);
}
