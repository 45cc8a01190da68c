using System.Numerics;
using Mnist.Learning.Imaging;

namespace Mnist.Learning.Tests.Imaging;

public sealed class CanvasTests
{
    [Fact]
    public void A_rectangle_on_pixel_edges_is_crisp()
    {
        var canvas = new Canvas(6, 5, Rgb.White);

        canvas.FillRectangle(1, 2, 3, 2, Rgb.Black);

        for (var i = 0; i < 30; i++)
        {
            var isInside = i % 6 is >= 1 and < 4 && i / 6 is >= 2 and < 4;
            Assert.Equal(isInside ? 0 : 255, canvas.Picture.Rgba[4 * i]);
        }
    }

    [Fact]
    public void A_rectangle_between_pixels_covers_them_in_part()
    {
        var canvas = new Canvas(3, 3, Rgb.White);

        canvas.FillRectangle(0.5f, 0, 2, 3, Rgb.Black);

        Assert.Equal([128, 0, 128], Enumerable.Range(3, 3).Select(i => (int)canvas.Picture.Rgba[4 * i]));
    }

    [Fact]
    public void A_disc_has_its_area()
    {
        var canvas = new Canvas(40, 40, Rgb.White);

        canvas.FillDisc(new Vector2(20.3f, 19.8f), 12, Rgb.Black);

        Assert.Equal(Math.PI * 144, Ink(canvas), 5.0);
    }

    [Fact]
    public void The_joints_of_a_pale_polyline_do_not_show()
    {
        var canvas = new Canvas(30, 12, Rgb.White);

        canvas.DrawPolyline([new(4, 6), new(15, 6), new(15, 6), new(26, 6)], 4, Rgb.Black, 0.5f);

        Assert.All(Enumerable.Range(5, 20), x => Assert.Equal(127.5, canvas.Picture.Rgba[4 * ((6 * 30) + x)], 1.0));
    }

    [Fact]
    public void What_lies_outside_is_cut_off()
    {
        var canvas = new Canvas(4, 4, Rgb.White);

        canvas.DrawLine(new Vector2(-50, -50), new Vector2(90, 90), 3, Rgb.Black);
        canvas.DrawText("outside", 100, -20, 12, Rgb.Black);
        canvas.DrawInk([255, 255, 255, 255], 2, 3, 3, 2, Rgb.White, Rgb.Black);

        Assert.Equal(0, canvas.Picture.Rgba[0]);
    }

    [Fact]
    public void Every_printable_character_has_a_glyph_of_its_own()
    {
        var missing = Drawn("\u4e00");
        var glyphs = Enumerable.Range(33, 94).Select(code => Drawn($"{(char)code}")).ToArray();

        Assert.All(glyphs, glyph => Assert.NotEqual(missing, glyph));
        Assert.Equal(glyphs.Length, glyphs.Select(Convert.ToBase64String).Distinct().Count());
    }

    [Fact]
    public void Digits_have_equal_widths() =>
        Assert.Single("0123456789".Select(digit => StrokeFont.Measure($"{digit}", 20)).Distinct());

    [Theory]
    [InlineData(TextAnchor.Start, 50, 90)]
    [InlineData(TextAnchor.Middle, 25, 75)]
    [InlineData(TextAnchor.End, 10, 50)]
    public void Text_lies_where_its_anchor_says(TextAnchor anchor, int left, int right)
    {
        var canvas = new Canvas(100, 40, Rgb.White);

        canvas.DrawText("HHH", 50, 30, 20, Rgb.Black, anchor);

        var inked = Enumerable.Range(0, 4000).Where(i => canvas.Picture.Rgba[4 * i] < 128).Select(i => i % 100).ToArray();
        Assert.InRange(inked.Min(), left, right);
        Assert.InRange(inked.Max(), left, right);
    }

    private static byte[] Drawn(string text)
    {
        var canvas = new Canvas(40, 60, Rgb.White);
        canvas.DrawText(text, 4, 42, 40, Rgb.Black);
        return canvas.Picture.Rgba;
    }

    private static double Ink(Canvas canvas)
    {
        var sum = 0.0;
        for (var i = 0; i < canvas.Picture.Rgba.Length; i += 4)
        {
            sum += 1 - (canvas.Picture.Rgba[i] / 255.0);
        }

        return sum;
    }
}
