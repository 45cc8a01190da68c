namespace Mnist.Learning.Imaging;

/// <summary>Shades of grey in floating point, for arithmetic.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Values">(height, width).</param>
internal sealed record GreyImage(int Width, int Height, float[] Values)
{
    /// <summary>Takes a picture's luma (ITU-R BT.601) over white paper, 0 to 255.</summary>
    /// <param name="picture">The picture.</param>
    public static GreyImage FromPicture(Pixmap picture)
    {
        var values = new float[picture.Width * picture.Height];
        for (var i = 0; i < values.Length; i++)
        {
            var pixel = picture.Rgba.AsSpan(i * Pixmap.Channels, Pixmap.Channels);
            var luma = (0.299f * pixel[0]) + (0.587f * pixel[1]) + (0.114f * pixel[2]);
            values[i] = float.Lerp(byte.MaxValue, luma, pixel[3] / 255f);
        }

        return new GreyImage(picture.Width, picture.Height, values);
    }

    /// <summary>The same image with other values.</summary>
    /// <param name="value">New value from the old one.</param>
    public GreyImage Map(Func<float, float> value) => this with { Values = [.. Values.Select(value)] };

    /// <summary>The same image with values combined with another's.</summary>
    /// <param name="other">An image of the same size.</param>
    /// <param name="value">New value from both.</param>
    public GreyImage Combine(GreyImage other, Func<float, float, float> value) =>
        this with { Values = [.. Values.Zip(other.Values, value)] };

    /// <summary>Resamples a part: every new pixel is the mean over the area that it covers, fractions of pixels included.</summary>
    /// <param name="x">Left edge of the part.</param>
    /// <param name="y">Upper edge of the part.</param>
    /// <param name="width">Width of the part.</param>
    /// <param name="height">Height of the part.</param>
    /// <param name="newWidth">Columns of the result.</param>
    /// <param name="newHeight">Rows of the result.</param>
    public GreyImage Resample(int x, int y, int width, int height, int newWidth, int newHeight)
    {
        var columns = new float[newWidth * height];
        for (var row = 0; row < height; row++)
        {
            Average(Values, ((y + row) * Width) + x, 1, width, columns, row * newWidth, 1, newWidth);
        }

        var values = new float[newWidth * newHeight];
        for (var column = 0; column < newWidth; column++)
        {
            Average(columns, column, newWidth, height, values, column, newWidth, newHeight);
        }

        return new GreyImage(newWidth, newHeight, values);
    }

    /// <summary>The value between pixels: linear between the centres of the four nearest.</summary>
    /// <param name="x">Column, pixel centres at integers.</param>
    /// <param name="y">Row, pixel centres at integers.</param>
    public float Interpolate(float x, float y)
    {
        x = Math.Clamp(x, 0, Width - 1);
        y = Math.Clamp(y, 0, Height - 1);
        var (left, top) = ((int)x, (int)y);
        var (right, bottom) = (Math.Min(left + 1, Width - 1), Math.Min(top + 1, Height - 1));
        return float.Lerp(
            float.Lerp(Values[(top * Width) + left], Values[(top * Width) + right], x - left),
            float.Lerp(Values[(bottom * Width) + left], Values[(bottom * Width) + right], x - left),
            y - top);
    }

    /// <summary>Takes the least or the greatest value in the square around every pixel.</summary>
    /// <param name="radius">Half the side of the square.</param>
    /// <param name="choose"><see cref="Math.Min(float, float)"/> or <see cref="Math.Max(float, float)"/>.</param>
    public GreyImage Filter(int radius, Func<float, float, float> choose) =>
        FilterRows(radius, choose).Transpose().FilterRows(radius, choose).Transpose();

    private GreyImage FilterRows(int radius, Func<float, float, float> choose)
    {
        var values = new float[Values.Length];
        for (var y = 0; y < Height; y++)
        {
            var row = Values.AsSpan(y * Width, Width);
            for (var x = 0; x < Width; x++)
            {
                var chosen = row[x];
                foreach (var value in row[Math.Max(x - radius, 0)..Math.Min(x + radius + 1, Width)])
                {
                    chosen = choose(chosen, value);
                }

                values[(y * Width) + x] = chosen;
            }
        }

        return this with { Values = values };
    }

    private GreyImage Transpose()
    {
        var values = new float[Values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[(i % Width * Height) + (i / Width)] = Values[i];
        }

        return new GreyImage(Height, Width, values);
    }

    private static void Average(
        float[] source, int sourceStart, int sourceStep, int sourceCount, float[] target, int targetStart, int targetStep, int targetCount)
    {
        var ratio = sourceCount / (double)targetCount;
        for (var i = 0; i < targetCount; i++)
        {
            var (from, to) = (i * ratio, (i + 1) * ratio);
            var sum = 0.0;
            for (var j = (int)from; j < Math.Min((int)Math.Ceiling(to), sourceCount); j++)
            {
                sum += source[sourceStart + (j * sourceStep)] * (Math.Min(j + 1, to) - Math.Max(j, from));
            }

            target[targetStart + (i * targetStep)] = (float)(sum / ratio);
        }
    }
}
