using System.Buffers.Binary;
using Mnist.Learning;
using Mnist.Learning.Data;
using Mnist.Learning.Imaging;
using Mnist.Learning.Training;

namespace Mnist.Coordinator.Service.Results;

/// <summary>Turns what callers send into what networks read.</summary>
internal static class DigitReader
{
    private const int MaxPicturePixels = 2048 * 2048;
    private const int SizeOffset = 16;

    /// <summary>Normalizes pixels.</summary>
    /// <param name="pixels">(28, 28), 0 is paper and 1 is ink.</param>
    /// <param name="center">Whether to crop, scale and center the digit as MNIST's are.</param>
    /// <exception cref="InvalidInputException">Not that many pixels, or one is out of range, or there is no ink to center.</exception>
    public static float[] FromPixels(ReadOnlySpan<float> pixels, bool center)
    {
        if (pixels.Length != ImageSet.PixelsPerImage)
        {
            throw new InvalidInputException($"pixels has {pixels.Length} entries, expected {ImageSet.PixelsPerImage}");
        }

        var normalized = new float[pixels.Length];
        for (var i = 0; i < pixels.Length; i++)
        {
            if (pixels[i] is not (>= 0 and <= 1))
            {
                throw new InvalidInputException($"pixels[{i}] is {pixels[i]}, expected 0 (paper) to 1 (ink)");
            }

            normalized[i] = (pixels[i] - PixelScale.Mean) / PixelScale.Deviation;
        }

        return center ? Center(pixels) : normalized;
    }

    /// <summary>Finds the digit in a picture.</summary>
    /// <param name="png">The file.</param>
    /// <exception cref="InvalidInputException">It is no picture, or too large, or there is no ink in it.</exception>
    public static float[] FromPng(ReadOnlySpan<byte> png)
    {
        if (png.Length >= SizeOffset + 8 && png[0] == 0x89)
        {
            // Before memory is taken for it.
            var width = BinaryPrimitives.ReadInt32BigEndian(png[SizeOffset..]);
            var height = BinaryPrimitives.ReadInt32BigEndian(png[(SizeOffset + sizeof(int))..]);
            if ((long)width * height > MaxPicturePixels)
            {
                throw new InvalidInputException($"the picture has {width} × {height} pixels, expected at most {MaxPicturePixels} in all");
            }
        }

        return Normalize(DigitPreprocessor.Prepare(ImageReader.Decode(png)));
    }

    private static float[] Center(ReadOnlySpan<float> pixels)
    {
        var grey = new byte[pixels.Length];
        for (var i = 0; i < grey.Length; i++)
        {
            grey[i] = (byte)MathF.Round(pixels[i] * byte.MaxValue);
        }

        return Normalize(DigitPreprocessor.Prepare(Pixmap.FromGrey(grey, ImageSet.Side, ImageSet.Side)));
    }

    private static float[] Normalize(byte[] pixels)
    {
        var normalized = new float[pixels.Length];
        PixelScale.Normalize(pixels, normalized);
        return normalized;
    }
}
