using Mnist.Learning.Data;
using Mnist.Learning.Imaging;

namespace Mnist.Coordinator.Reports.Html;

/// <summary>A digit as a picture within a page.</summary>
internal static class HtmlDigit
{
    /// <summary>Encodes an image as dark ink on white; the page inverts it where it is dark.</summary>
    /// <param name="image">(28, 28), 0 is paper and 255 is ink.</param>
    public static string DataUri(ReadOnlySpan<byte> image)
    {
        var grey = new byte[image.Length];
        for (var i = 0; i < grey.Length; i++)
        {
            grey[i] = (byte)(byte.MaxValue - image[i]);
        }

        return "data:image/png;base64," + Convert.ToBase64String(PngWriter.Encode(Pixmap.FromGrey(grey, ImageSet.Side, ImageSet.Side)));
    }
}
