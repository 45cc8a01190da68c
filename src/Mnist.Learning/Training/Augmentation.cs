using System.Runtime.CompilerServices;
using Mnist.Learning.Data;
using Mnist.Learning.Specification;

namespace Mnist.Learning.Training;

/// <summary>
/// Random affine distortion of an image, about its centre, with bilinear sampling: shear, rotation and scale, then a
/// shift. What lies outside the image is paper.
/// <para>
/// The same bits on every CPU: coefficients are computed in double precision with <see cref="PortableMath"/> and rounded
/// to 1/65536 pixel, positions are integers of that unit, and sampling uses separate (not fused) single-precision
/// subtractions, multiplications and additions in the order written. There is one code path, without vectors.
/// </para>
/// </summary>
public sealed class Augmentation
{
    private const int Side = ImageSet.Side;
    private const int FractionBits = 16;
    private const int One = 1 << FractionBits;

    /// <summary>Paper around the image, so that a sample just outside reads paper and the one on the edge blends with it.</summary>
    private const int Border = 2;

    private const int PaddedSide = 32;
    private const double RadiansPerDegree = Math.PI / 180;
    private const float Gain = 1 / (255 * PixelScale.Deviation);
    private const float Offset = PixelScale.Mean / PixelScale.Deviation;

    private readonly AugmentationSpec _spec;
    private readonly float[] _padded = new float[PaddedSide * PaddedSide];

    /// <summary>Prepares a distortion; the instance owns working memory and is used by one thread at a time.</summary>
    /// <param name="spec">Ranges to draw from.</param>
    public Augmentation(AugmentationSpec spec) => _spec = spec;

    /// <summary>Distorts and normalizes (<see cref="PixelScale"/>) one image.</summary>
    /// <param name="pixels">(28, 28), stored pixels.</param>
    /// <param name="key">Key of <see cref="KeyedRandom"/> that names this distortion.</param>
    /// <param name="result">(28, 28), receives normalized pixels.</param>
    public void Apply(ReadOnlySpan<byte> pixels, ulong key, Span<float> result)
    {
        Pad(pixels);
        Sample(Draw(key), result[..ImageSet.PixelsPerImage]);
    }

    /// <summary>The pixel (x, y) of the result is sampled at (xx·x + xy·y + x0, yx·x + yy·y + y0), units of 1/65536 pixel.</summary>
    private readonly record struct Mapping(int XX, int XY, int X0, int YX, int YY, int Y0);

    private Mapping Draw(ulong key)
    {
        var random = new KeyedRandom(key);
        var angle = Symmetric(ref random) * _spec.RotationDegrees * RadiansPerDegree;
        var shear = Symmetric(ref random) * _spec.ShearDegrees * RadiansPerDegree;
        var scale = 1 + (Symmetric(ref random) * _spec.Scale);
        var shiftX = Symmetric(ref random) * _spec.TranslationPixels;
        var shiftY = Symmetric(ref random) * _spec.TranslationPixels;

        // The image is distorted by scale · rotation · shear, so the result is sampled with the inverse,
        // shear⁻¹ · rotation⁻¹ / scale.
        var (sin, cos) = (PortableMath.Sin(angle), PortableMath.Cos(angle));
        var tan = PortableMath.Sin(shear) / PortableMath.Cos(shear);
        var xx = (cos + (tan * sin)) / scale;
        var xy = (sin - (tan * cos)) / scale;
        var yx = -sin / scale;
        var yy = cos / scale;

        const double center = (Side - 1) / 2.0;
        var (towardsX, towardsY) = (center + shiftX, center + shiftY);
        return new Mapping(
            Fixed(xx), Fixed(xy), Fixed(center - (xx * towardsX) - (xy * towardsY)),
            Fixed(yx), Fixed(yy), Fixed(center - (yx * towardsX) - (yy * towardsY)));
    }

    /// <summary>A number in [−1, 1).</summary>
    private static double Symmetric(ref KeyedRandom random) => (2.0 * random.NextSingle()) - 1;

    private static int Fixed(double value) => (int)Math.Floor((value * One) + 0.5);

    private void Pad(ReadOnlySpan<byte> pixels)
    {
        for (var y = 0; y < Side; y++)
        {
            var row = _padded.AsSpan(((y + Border) * PaddedSide) + Border, Side);
            var source = pixels.Slice(y * Side, Side);
            for (var x = 0; x < row.Length; x++)
            {
                row[x] = source[x];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sample(in Mapping mapping, Span<float> result)
    {
        // Positions are clamped to [−2, 28], whose four neighbours lie within the padded image: the indexing below is in range.
        const int low = -Border * One;
        const int high = Side * One;
        ref var origin = ref _padded[(Border * PaddedSide) + Border];
        var i = 0;
        for (var y = 0; y < Side; y++)
        {
            var sourceX = mapping.X0 + (mapping.XY * y);
            var sourceY = mapping.Y0 + (mapping.YY * y);
            for (var x = 0; x < Side; x++, i++)
            {
                var u = Math.Clamp(sourceX, low, high);
                var v = Math.Clamp(sourceY, low, high);
                var fractionX = (u & (One - 1)) * (1f / One);
                var fractionY = (v & (One - 1)) * (1f / One);
                ref var corner = ref Unsafe.Add(ref origin, ((v >> FractionBits) * PaddedSide) + (u >> FractionBits));
                var top = Blend(corner, Unsafe.Add(ref corner, 1), fractionX);
                var bottom = Blend(Unsafe.Add(ref corner, PaddedSide), Unsafe.Add(ref corner, PaddedSide + 1), fractionX);
                result[i] = (Blend(top, bottom, fractionY) * Gain) - Offset;
                sourceX += mapping.XX;
                sourceY += mapping.YX;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Blend(float from, float to, float part) => from + ((to - from) * part);
}
