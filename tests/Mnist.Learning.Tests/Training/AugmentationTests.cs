using Mnist.Learning.Data;
using Mnist.Learning.Specification;
using Mnist.Learning.Training;

namespace Mnist.Learning.Tests.Training;

public class AugmentationTests
{
    private static readonly AugmentationSpec Mild = new()
    {
        RotationDegrees = 10,
        TranslationPixels = 1.5f,
        Scale = 0.08f,
        ShearDegrees = 6,
    };

    private static readonly AugmentationSpec Wild = new()
    {
        RotationDegrees = 180,
        TranslationPixels = 14,
        Scale = 0.5f,
        ShearDegrees = 45,
    };

    [Fact]
    public void No_distortion_leaves_the_normalized_pixels()
    {
        var pixels = TestData.Images(1, 3).Image(0).ToArray();
        var (expected, actual) = (new float[784], new float[784]);
        PixelScale.Normalize(pixels, expected);

        new Augmentation(new AugmentationSpec()).Apply(pixels, 99, actual);

        Assert.Equal(expected, actual, (x, y) => Math.Abs(x - y) < 2e-6f);
    }

    [Fact]
    public void Normalized_pixels_are_those_of_PyTorchs_example()
    {
        var normalized = new float[3];
        PixelScale.Normalize([0, 128, 255], normalized);

        Assert.Equal([-0.42421296f, 1.2050011f, 2.8214867f], normalized, (x, y) => Math.Abs(x - y) < 1e-6f);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Distortion_agrees_with_bilinear_sampling_in_double_precision(bool wild)
    {
        var spec = wild ? Wild : Mild;
        var augmentation = new Augmentation(spec);
        var images = TestData.Images(20, 4);
        var actual = new float[784];
        for (var i = 0; i < images.Count; i++)
        {
            augmentation.Apply(images.Image(i), (ulong)i, actual);

            // Positions are rounded to 1/65536 pixel, and pixels differ by at most 255.
            Assert.Equal(Expected(images.Image(i), spec, (ulong)i), actual, (x, y) => Math.Abs(x - y) < 0.01f);
        }
    }

    [Fact]
    public void The_distortion_depends_on_the_key_alone()
    {
        var augmentation = new Augmentation(Mild);
        var images = TestData.Images(2, 5);
        float[] Apply(int image, ulong key)
        {
            var result = new float[784];
            augmentation.Apply(images.Image(image), key, result);
            return result;
        }

        var first = Apply(0, 1);
        Apply(1, 2);

        Assert.Equal(first, Apply(0, 1));
        Assert.NotEqual(first, Apply(0, 2));
    }

    [Fact]
    public void What_is_moved_out_of_the_image_leaves_paper()
    {
        var ink = new byte[784];
        ink.AsSpan().Fill(255);
        var result = new float[784];
        var paper = new float[1];
        PixelScale.Normalize([0], paper);
        var blank = 0;
        for (var key = 0ul; key < 20; key++)
        {
            new Augmentation(new AugmentationSpec { TranslationPixels = 14 }).Apply(ink, key, result);
            Assert.All(result, value => Assert.InRange(value, paper[0] - 1e-6f, 2.8215f));
            blank += result.Count(value => Math.Abs(value - paper[0]) < 1e-6f);
        }

        // The mean shift is 7 pixels in x and in y: 1 − (21 / 28)² of the image.
        Assert.InRange(blank / 20.0 / 784, 0.3, 0.6);
    }

    /// <summary>The same by way of the forward transformation, in floating point.</summary>
    private static float[] Expected(ReadOnlySpan<byte> pixels, AugmentationSpec spec, ulong key)
    {
        var random = new KeyedRandom(key);
        double Draw(ref KeyedRandom from) => (2.0 * from.NextSingle()) - 1;
        var angle = Draw(ref random) * spec.RotationDegrees * Math.PI / 180;
        var shear = Math.Tan(Draw(ref random) * spec.ShearDegrees * Math.PI / 180);
        var scale = 1 + (Draw(ref random) * spec.Scale);
        var (shiftX, shiftY) = (Draw(ref random) * spec.TranslationPixels, Draw(ref random) * spec.TranslationPixels);

        // Forward: p' = c + shift + scale · R(angle) · [1 shear; 0 1] · (p − c), with y pointing down.
        var (a, b) = (scale * Math.Cos(angle), scale * ((Math.Cos(angle) * shear) - Math.Sin(angle)));
        var (c, d) = (scale * Math.Sin(angle), scale * ((Math.Sin(angle) * shear) + Math.Cos(angle)));
        var determinant = (a * d) - (b * c);
        var result = new float[784];
        for (var y = 0; y < 28; y++)
        {
            for (var x = 0; x < 28; x++)
            {
                var (dx, dy) = (x - 13.5 - shiftX, y - 13.5 - shiftY);
                var u = 13.5 + (((d * dx) - (b * dy)) / determinant);
                var v = 13.5 + (((a * dy) - (c * dx)) / determinant);
                result[(y * 28) + x] = (float)(((Bilinear(pixels, u, v) / 255) - 0.1307) / 0.3081);
            }
        }

        return result;
    }

    private static double Bilinear(ReadOnlySpan<byte> pixels, double u, double v)
    {
        var (x, y) = ((int)Math.Floor(u), (int)Math.Floor(v));
        var sum = 0.0;
        for (var j = y; j <= y + 1; j++)
        {
            for (var i = x; i <= x + 1; i++)
            {
                var inside = i is >= 0 and < ImageSet.Side && j is >= 0 and < ImageSet.Side;
                sum += inside ? pixels[(j * ImageSet.Side) + i] * (1 - Math.Abs(u - i)) * (1 - Math.Abs(v - j)) : 0;
            }
        }

        return sum;
    }
}
