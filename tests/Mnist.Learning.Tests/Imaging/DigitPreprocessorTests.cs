using System.Numerics;
using Mnist.Learning.Imaging;

namespace Mnist.Learning.Tests.Imaging;

public sealed class DigitPreprocessorTests
{
    /// <summary>A digit as MNIST would have it: what photos of it must come back to.</summary>
    private static readonly byte[] Digit = DigitPreprocessor.Prepare(Photo(dark: 0, light: 255));

    [Fact]
    public void The_ink_fits_20_pixels_and_its_centre_of_mass_is_in_the_middle()
    {
        var ink = Enumerable.Range(0, 784).Where(i => Digit[i] > 127).ToArray();
        var mass = Digit.Sum(value => (double)value);

        Assert.InRange(ink[^1] / 28 - (ink[0] / 28) + 1, 19, 20);
        Assert.Equal(14, Digit.Select((value, i) => value * (i % 28)).Sum() / mass, 0.5);
        Assert.Equal(14, Digit.Select((value, i) => value * (i / 28)).Sum() / mass, 0.5);
        Assert.Equal(255, Digit.Max());
    }

    [Theory]
    [InlineData(0, 255)]
    [InlineData(255, 0)]
    [InlineData(60, 200)]
    [InlineData(200, 60)]
    [InlineData(120, 180)]
    public void Polarity_and_contrast_make_no_difference(int dark, int light) => AssertLikeDigit(DigitPreprocessor.Prepare(Photo(dark, light)), 0.98);

    [Theory]
    [InlineData(0.4f)]
    [InlineData(1)]
    [InlineData(4)]
    public void Size_makes_no_difference(float scale) => AssertLikeDigit(DigitPreprocessor.Prepare(Photo(40, 230, scale)), 0.93);

    [Theory]
    [InlineData(-60, 20)]
    [InlineData(50, -40)]
    public void Place_makes_no_difference(float x, float y) =>
        AssertLikeDigit(DigitPreprocessor.Prepare(Photo(40, 230, offset: new Vector2(x, y))), 0.95);

    [Fact]
    public void Noise_and_specks_make_little_difference()
    {
        var random = new KeyedRandom(1);
        var photo = Photo(60, 210);
        Change(photo, (value, _, _) => value + (random.NextInt32(51) - 25));
        for (var speck = 0; speck < 20; speck++)
        {
            var (x, y) = (random.NextInt32(photo.Width), random.NextInt32(photo.Height));
            Change(photo, (value, atX, atY) => Math.Abs(atX - x) + Math.Abs(atY - y) < 2 ? 40 : value);
        }

        AssertLikeDigit(DigitPreprocessor.Prepare(photo), 0.93);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Uneven_light_makes_little_difference(bool isBoard)
    {
        var photo = isBoard ? Photo(250, 90) : Photo(60, 240);
        Change(photo, (value, x, y) => value * (0.35 + (0.65 * x / photo.Width)) * (0.8 + (0.2 * y / photo.Height)));

        AssertLikeDigit(DigitPreprocessor.Prepare(photo), 0.93);
    }

    [Fact]
    public void A_dark_table_beside_the_paper_is_left_out()
    {
        var photo = Photo(40, 230);
        Change(photo, (value, x, _) => x < photo.Width / 12 ? 30 : value);

        AssertLikeDigit(DigitPreprocessor.Prepare(photo), 0.95);
    }

    [Fact]
    public void Ink_on_a_transparent_picture_is_ink_on_paper()
    {
        var photo = Photo(0, 255);
        for (var i = 0; i < photo.Rgba.Length; i += 4)
        {
            photo.Rgba[i + 3] = (byte)(255 - photo.Rgba[i]);
            photo.Rgba.AsSpan(i, 3).Clear();
        }

        AssertLikeDigit(DigitPreprocessor.Prepare(photo), 0.98);
    }

    [Fact]
    public void An_image_that_is_as_mnists_passes_through_unchanged() =>
        Assert.Equal(Digit, DigitPreprocessor.Prepare(Pixmap.FromGrey(Digit, 28, 28)));

    [Fact]
    public void An_image_of_mnists_size_with_dark_ink_is_inverted()
    {
        byte[] inverted = [.. Digit.Select(value => (byte)(255 - value))];

        AssertLikeDigit(DigitPreprocessor.Prepare(Pixmap.FromGrey(inverted, 28, 28)), 0.95);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(28, 28)]
    [InlineData(3, 500)]
    [InlineData(300, 200)]
    public void A_blank_picture_is_refused(int width, int height)
    {
        var blank = Pixmap.FromGrey(Enumerable.Repeat((byte)200, width * height).ToArray(), width, height);

        var error = Assert.Throws<InvalidInputException>(() => DigitPreprocessor.Prepare(blank));

        Assert.Equal("picture holds no ink that stands out from its paper, expected one digit", error.Message);
    }

    /// <summary>A picture of a handwritten 2.</summary>
    private static Pixmap Photo(int dark, int light, float scale = 1, Vector2 offset = default)
    {
        var canvas = new Canvas((int)(280 * scale), (int)(240 * scale), new Rgb((byte)light, (byte)light, (byte)light));
        Vector2[] stroke = [new(95, 80), new(120, 50), new(155, 52), new(172, 85), new(150, 125), new(105, 175), new(130, 170), new(185, 182)];
        canvas.DrawPolyline([.. stroke.Select(point => (point + offset) * scale)], 18 * scale, new Rgb((byte)dark, (byte)dark, (byte)dark));
        return canvas.Picture;
    }

    private static void Change(Pixmap photo, Func<int, int, int, double> shade)
    {
        for (var i = 0; i < photo.Rgba.Length; i += 4)
        {
            var value = Math.Clamp(shade(photo.Rgba[i], i / 4 % photo.Width, i / 4 / photo.Width), 0, 255);
            photo.Rgba.AsSpan(i, 3).Fill((byte)value);
        }
    }

    private static void AssertLikeDigit(byte[] pixels, double least)
    {
        var (a, b) = (Digit.Average(value => (double)value), pixels.Average(value => (double)value));
        var covariance = Digit.Zip(pixels, (x, y) => (x - a) * (y - b)).Sum();
        var correlation = covariance / Math.Sqrt(Digit.Sum(x => (x - a) * (x - a)) * pixels.Sum(y => (y - b) * (y - b)));
        Assert.InRange(correlation, least, 1.0001);
    }
}
