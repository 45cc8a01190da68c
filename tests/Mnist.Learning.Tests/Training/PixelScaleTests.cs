using Mnist.Learning.Training;

namespace Mnist.Learning.Tests.Training;

public class PixelScaleTests
{
    [Fact]
    public void Every_pixel_is_divided_with_the_rounding_of_a_division()
    {
        byte[] pixels = [.. Enumerable.Range(0, 256).Select(pixel => (byte)pixel)];
        var normalized = new float[pixels.Length];

        PixelScale.Normalize(pixels, normalized);

        BitAssert.Equal([.. pixels.Select(pixel => ((pixel / 255f) - 0.1307f) / 0.3081f)], normalized, "pixel");
    }

    [Fact]
    public void Any_number_of_pixels_is_normalized_and_nothing_behind_them()
    {
        byte[] pixels = [.. Enumerable.Range(0, 200).Select(i => (byte)(i * 37))];
        var all = new float[pixels.Length];
        PixelScale.Normalize(pixels, all);
        for (var length = 0; length < pixels.Length; length++)
        {
            float[] normalized = [.. Enumerable.Repeat(float.NaN, length + 1)];

            PixelScale.Normalize(pixels.AsSpan(0, length), normalized);

            BitAssert.Equal([.. all[..length], float.NaN], normalized, $"{length} pixels");
        }
    }
}
