namespace Mnist.Learning.Imaging;

/// <summary>A colour.</summary>
/// <param name="Red">0 to 255.</param>
/// <param name="Green">0 to 255.</param>
/// <param name="Blue">0 to 255.</param>
public readonly record struct Rgb(byte Red, byte Green, byte Blue)
{
    /// <summary>Black.</summary>
    public static Rgb Black { get; } = new(0, 0, 0);

    /// <summary>White.</summary>
    public static Rgb White { get; } = new(255, 255, 255);

    /// <summary>A colour from its hexadecimal notation.</summary>
    /// <param name="value">0xRRGGBB.</param>
    public static Rgb FromHex(int value) => new((byte)(value >> 16), (byte)(value >> 8), (byte)value);

    /// <summary>A colour on the way to another one.</summary>
    /// <param name="other">The colour at 1.</param>
    /// <param name="fraction">0 to 1.</param>
    public Rgb Mix(Rgb other, float fraction) => new(
        (byte)MathF.Round(float.Lerp(Red, other.Red, fraction)),
        (byte)MathF.Round(float.Lerp(Green, other.Green, fraction)),
        (byte)MathF.Round(float.Lerp(Blue, other.Blue, fraction)));
}
