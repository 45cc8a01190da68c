using Mnist.Learning.Kernels;
using Mnist.Learning.Models;

namespace Mnist.Learning.Tests.Kernels;

/// <summary>Moves arrays without strides or borders into maps and back, and draws their values.</summary>
internal static unsafe class MapFiller
{
    /// <summary>Values between −1 and 1 with some exact zeros, ties, negative zeros and denormals among them.</summary>
    public static float[] Values(int length, ulong seed)
    {
        var random = new KeyedRandom(KeyedRandom.Key(seed));
        var values = new float[length];
        foreach (ref var value in values.AsSpan())
        {
            value = random.NextInt32(16) switch
            {
                0 => 0f,
                1 => -0f,
                2 => 0.5f,
                3 => -3e-39f * random.NextSingle(),
                _ => (2f * random.NextSingle()) - 1f,
            };
        }

        return values;
    }

    /// <summary>A map that holds values (n, y, x, channel), with what lies between the samples spoilt.</summary>
    public static FeatureMap Map(MapShape shape, float[] values, int border = 0)
    {
        var samples = values.Length / shape.Length;
        var map = new FeatureMap(shape, samples, border);
        for (var row = 0; row < samples * shape.Height; row++)
        {
            values.AsSpan(row * shape.Width * shape.Channels, shape.Width * shape.Channels).CopyTo(Row(map, row));
        }

        var used = (shape.Height + (2 * border)) * map.RowStride;
        for (var sample = 0; sample < samples; sample++)
        {
            new Span<float>(map.Data + ((nint)sample * map.SampleStride) + used, map.SampleStride - used).Fill(1e9f);
        }

        return map;
    }

    /// <summary>Reads (n, y, x, channel) from a map.</summary>
    public static float[] Read(FeatureMap map, int samples)
    {
        var values = new float[samples * map.Shape.Length];
        var length = map.Shape.Width * map.Shape.Channels;
        for (var row = 0; row < samples * map.Shape.Height; row++)
        {
            Row(map, row).CopyTo(values.AsSpan(row * length, length));
        }

        return values;
    }

    private static Span<float> Row(FeatureMap map, int row)
    {
        var (sample, y) = Math.DivRem(row, map.Shape.Height);
        return new Span<float>(
            map.Interior + ((nint)sample * map.SampleStride) + (y * map.RowStride), map.Shape.Width * map.Shape.Channels);
    }
}
