using System.Numerics;

namespace Mnist.Learning.Imaging;

/// <summary>
/// A small canvas with anti-aliased lines, shapes and text: enough for charts. Coordinates are in pixels from the upper left
/// corner, pixel centres at halves. A shape's coverage of a pixel is its signed distance from the pixel's centre, clamped to
/// one pixel; the parts of a polyline or a text are united before they are blended, so that joints do not show.
/// </summary>
public sealed class Canvas
{
    private readonly float[] _coverage;

    /// <summary>Creates a canvas.</summary>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="background">Its colour.</param>
    public Canvas(int width, int height, Rgb background)
    {
        Picture = new Pixmap(width, height);
        _coverage = new float[width * height];
        FillRectangle(0, 0, width, height, background);
    }

    /// <summary>What was drawn so far.</summary>
    public Pixmap Picture { get; }

    /// <summary>Columns.</summary>
    public int Width => Picture.Width;

    /// <summary>Rows.</summary>
    public int Height => Picture.Height;

    /// <summary>Fills a rectangle.</summary>
    /// <param name="x">Left edge.</param>
    /// <param name="y">Upper edge.</param>
    /// <param name="width">Width.</param>
    /// <param name="height">Height.</param>
    /// <param name="color">Colour.</param>
    /// <param name="radius">Radius of the corners.</param>
    public void FillRectangle(float x, float y, float width, float height, Rgb color, float radius = 0)
    {
        var half = new Vector2(width, height) / 2;
        var center = new Vector2(x, y) + half;
        Unite(center - half, center + half, point =>
        {
            var outside = Vector2.Abs(point - center) - half + new Vector2(radius);
            return Vector2.Max(outside, Vector2.Zero).Length() + Math.Min(Math.Max(outside.X, outside.Y), 0) - radius;
        });
        Blend(center - half, center + half, color, 1);
    }

    /// <summary>Fills a disc.</summary>
    /// <param name="center">Its centre.</param>
    /// <param name="radius">Its radius.</param>
    /// <param name="color">Colour.</param>
    public void FillDisc(Vector2 center, float radius, Rgb color)
    {
        var corner = new Vector2(radius);
        Unite(center - corner, center + corner, point => Vector2.Distance(point, center) - radius);
        Blend(center - corner, center + corner, color, 1);
    }

    /// <summary>Draws a line with round ends.</summary>
    /// <param name="from">One end.</param>
    /// <param name="to">The other end.</param>
    /// <param name="width">Width of the stroke.</param>
    /// <param name="color">Colour.</param>
    /// <param name="opacity">0 to 1.</param>
    public void DrawLine(Vector2 from, Vector2 to, float width, Rgb color, float opacity = 1) =>
        DrawPolyline([from, to], width, color, opacity);

    /// <summary>Draws lines from point to point, with round joints and ends.</summary>
    /// <param name="points">At least one point.</param>
    /// <param name="width">Width of the stroke.</param>
    /// <param name="color">Colour.</param>
    /// <param name="opacity">0 to 1.</param>
    public void DrawPolyline(IReadOnlyList<Vector2> points, float width, Rgb color, float opacity = 1) =>
        DrawStrokes([points], width, color, opacity);

    /// <summary>Draws several polylines as one shape.</summary>
    /// <param name="strokes">Polylines of at least one point.</param>
    /// <param name="width">Width of the strokes.</param>
    /// <param name="color">Colour.</param>
    /// <param name="opacity">0 to 1.</param>
    public void DrawStrokes(IReadOnlyList<IReadOnlyList<Vector2>> strokes, float width, Rgb color, float opacity = 1)
    {
        ArgumentNullException.ThrowIfNull(strokes);
        var (low, high) = (new Vector2(float.MaxValue), new Vector2(float.MinValue));
        var margin = new Vector2(width / 2);
        foreach (var points in strokes)
        {
            for (var i = 0; i < points.Count; i++)
            {
                var (from, to) = (points[Math.Max(i - 1, 0)], points[i]);
                var (segmentLow, segmentHigh) = (Vector2.Min(from, to) - margin, Vector2.Max(from, to) + margin);
                Unite(segmentLow, segmentHigh, point => DistanceToSegment(point, from, to) - (width / 2));
                (low, high) = (Vector2.Min(low, segmentLow), Vector2.Max(high, segmentHigh));
            }
        }

        Blend(low, high, color, opacity);
    }

    /// <summary>Draws a line of text.</summary>
    /// <param name="text">The text; see <see cref="StrokeFont"/> for the characters there are.</param>
    /// <param name="x">Where its left end, middle or right end is.</param>
    /// <param name="baseline">Where it stands.</param>
    /// <param name="size">Size of the font in pixels.</param>
    /// <param name="color">Colour.</param>
    /// <param name="anchor">What <paramref name="x"/> means.</param>
    /// <param name="weight">Width of the strokes, 1 for regular.</param>
    public void DrawText(
        string text, float x, float baseline, float size, Rgb color, TextAnchor anchor = TextAnchor.Start, float weight = 1)
    {
        var left = anchor switch
        {
            TextAnchor.Middle => x - (StrokeFont.Measure(text, size) / 2),
            TextAnchor.End => x - StrokeFont.Measure(text, size),
            _ => x,
        };
        DrawStrokes(StrokeFont.Layout(text, new Vector2(left, baseline), size), StrokeFont.StrokeWidth(size) * weight, color);
    }

    /// <summary>Draws a line of text upwards, for vertical axes.</summary>
    /// <param name="text">The text.</param>
    /// <param name="baseline">Where it stands, from the left.</param>
    /// <param name="middle">Where its middle is, from above.</param>
    /// <param name="size">Size of the font in pixels.</param>
    /// <param name="color">Colour.</param>
    public void DrawTextUpwards(string text, float baseline, float middle, float size, Rgb color)
    {
        var strokes = StrokeFont.Layout(text, Vector2.Zero, size);
        var half = StrokeFont.Measure(text, size) / 2;
        IReadOnlyList<Vector2>[] turned =
            [.. strokes.Select(stroke => stroke.Select(point => new Vector2(baseline + point.Y, middle + half - point.X)).ToArray())];
        DrawStrokes(turned, StrokeFont.StrokeWidth(size), color);
    }

    /// <summary>Draws an image of ink, each of its pixels as a square.</summary>
    /// <param name="ink">(height, width), 0 is paper and 255 is ink.</param>
    /// <param name="inkWidth">Width of the image.</param>
    /// <param name="x">Left edge.</param>
    /// <param name="y">Upper edge.</param>
    /// <param name="scale">Pixels of the canvas to a pixel of the image.</param>
    /// <param name="paperColor">Colour of 0.</param>
    /// <param name="inkColor">Colour of 255.</param>
    public void DrawInk(ReadOnlySpan<byte> ink, int inkWidth, int x, int y, int scale, Rgb paperColor, Rgb inkColor)
    {
        for (var i = 0; i < ink.Length; i++)
        {
            var color = paperColor.Mix(inkColor, ink[i] / 255f);
            for (var dy = 0; dy < scale; dy++)
            {
                for (var dx = 0; dx < scale; dx++)
                {
                    Set(x + (i % inkWidth * scale) + dx, y + (i / inkWidth * scale) + dy, color, 1);
                }
            }
        }
    }

    private static float DistanceToSegment(Vector2 point, Vector2 from, Vector2 to)
    {
        var (direction, offset) = (to - from, point - from);
        var lengthSquared = direction.LengthSquared();
        var along = lengthSquared == 0 ? 0 : Math.Clamp(Vector2.Dot(offset, direction) / lengthSquared, 0, 1);
        return Vector2.Distance(offset, along * direction);
    }

    /// <summary>Adds a shape to the coverage.</summary>
    /// <param name="low">Upper left corner of the shape's bounds.</param>
    /// <param name="high">Lower right corner of the shape's bounds.</param>
    /// <param name="distance">Signed distance of a point from the shape's edge, negative inside.</param>
    private void Unite(Vector2 low, Vector2 high, Func<Vector2, float> distance)
    {
        var (left, top, right, bottom) = Bounds(low, high);
        for (var y = top; y < bottom; y++)
        {
            for (var x = left; x < right; x++)
            {
                var coverage = Math.Clamp(0.5f - distance(new Vector2(x + 0.5f, y + 0.5f)), 0, 1);
                ref var cell = ref _coverage[(y * Width) + x];
                cell = Math.Max(cell, coverage);
            }
        }
    }

    /// <summary>Blends a colour where there is coverage, and clears the coverage.</summary>
    private void Blend(Vector2 low, Vector2 high, Rgb color, float opacity)
    {
        var (left, top, right, bottom) = Bounds(low, high);
        for (var y = top; y < bottom; y++)
        {
            for (var x = left; x < right; x++)
            {
                ref var cell = ref _coverage[(y * Width) + x];
                Set(x, y, color, cell * opacity);
                cell = 0;
            }
        }
    }

    private (int Left, int Top, int Right, int Bottom) Bounds(Vector2 low, Vector2 high) => (
        (int)Math.Clamp(MathF.Floor(low.X - 1), 0, Width),
        (int)Math.Clamp(MathF.Floor(low.Y - 1), 0, Height),
        (int)Math.Clamp(MathF.Ceiling(high.X + 1), 0, Width),
        (int)Math.Clamp(MathF.Ceiling(high.Y + 1), 0, Height));

    private void Set(int x, int y, Rgb color, float opacity)
    {
        if (opacity <= 0 || x < 0 || y < 0 || x >= Width || y >= Height)
        {
            return;
        }

        var pixel = Picture.Rgba.AsSpan(((y * Width) + x) * Pixmap.Channels, Pixmap.Channels);
        var mixed = new Rgb(pixel[0], pixel[1], pixel[2]).Mix(color, opacity);
        (pixel[0], pixel[1], pixel[2], pixel[3]) = (mixed.Red, mixed.Green, mixed.Blue, byte.MaxValue);
    }
}

/// <summary>What the position of a text means.</summary>
public enum TextAnchor
{
    /// <summary>Its left end.</summary>
    Start,

    /// <summary>Its middle.</summary>
    Middle,

    /// <summary>Its right end.</summary>
    End,
}
