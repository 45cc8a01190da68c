using Mnist.Learning.Imaging;

namespace Mnist.Coordinator.Reports.Pictures;

/// <summary>Colours and sizes that all pictures share.</summary>
internal static class Theme
{
    /// <summary>Space around a picture's content.</summary>
    public const int Margin = 40;

    /// <summary>Height of title and subtitle.</summary>
    public const int HeaderHeight = 118;

    /// <summary>Size of a picture's title.</summary>
    public const float TitleSize = 38;

    /// <summary>Size of labels.</summary>
    public const float LabelSize = 23;

    /// <summary>Size of captions below small images.</summary>
    public const float CaptionSize = 20;

    /// <summary>Colour of what lies below everything.</summary>
    public static Rgb Background { get; } = Rgb.White;

    /// <summary>Colour of text.</summary>
    public static Rgb Text { get; } = Rgb.FromHex(0x1F2328);

    /// <summary>Colour of text that explains.</summary>
    public static Rgb Muted { get; } = Rgb.FromHex(0x656D76);

    /// <summary>Colour of grid lines.</summary>
    public static Rgb Grid { get; } = Rgb.FromHex(0xE4E8EC);

    /// <summary>Colour of axes.</summary>
    public static Rgb Axis { get; } = Rgb.FromHex(0x8C959F);

    /// <summary>Colour of the paper of digits.</summary>
    public static Rgb Paper { get; } = Rgb.FromHex(0xF3F5F7);

    /// <summary>Colour of the ink of digits.</summary>
    public static Rgb Ink { get; } = Rgb.FromHex(0x111827);

    /// <summary>Colour of what is right.</summary>
    public static Rgb Right { get; } = Rgb.FromHex(0x0B6E4F);

    /// <summary>Colour of what is wrong.</summary>
    public static Rgb Wrong { get; } = Rgb.FromHex(0xB42318);

    /// <summary>Colours of series, told apart by colour-blind readers too (M. Okabe and K. Ito, "Color Universal Design", 2008).</summary>
    public static IReadOnlyList<Rgb> Series { get; } = [Rgb.FromHex(0x0072B2), Rgb.FromHex(0xD55E00), Rgb.FromHex(0x009E73)];

    /// <summary>Makes a canvas with a title.</summary>
    /// <param name="width">Width of the content.</param>
    /// <param name="height">Height of the content.</param>
    /// <param name="title">What the picture shows.</param>
    /// <param name="subtitle">What helps to read it.</param>
    /// <returns>The canvas; its content begins at (<see cref="Margin"/>, <see cref="HeaderHeight"/>).</returns>
    public static Canvas CreateCanvas(int width, int height, string title, string subtitle)
    {
        var canvas = new Canvas(width + (2 * Margin), HeaderHeight + height + Margin, Background);
        canvas.DrawText(title, Margin, 58, TitleSize, Text, weight: 1.35f);
        canvas.DrawText(subtitle, Margin, 92, LabelSize, Muted);
        return canvas;
    }

    /// <summary>Writes a share as a percentage, with the decimals that a hundredth of a percent needs.</summary>
    /// <param name="share">0 to 1.</param>
    public static string Percent(double share) => double.IsNaN(share) ? "–" : $"{100 * share:0.00} %";

    /// <summary>Writes a probability as a percentage; what is not quite certain is not written as 100 %.</summary>
    /// <param name="probability">0 to 1.</param>
    public static string Confidence(double probability) => probability switch
    {
        > 0.9999 => "> 99.9 %",
        >= 0.995 => $"{Math.Floor(1000 * probability) / 10:0.0} %",
        _ => $"{100 * probability:0} %",
    };
}
