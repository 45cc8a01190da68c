using Mnist.Learning.Data;
using Mnist.Learning.Models;

namespace Mnist.Learning.Tests.Engines;

/// <summary>Weights, images, labels and keys that are a function of their index only, so that a failure repeats.</summary>
internal static class TestInputs
{
    /// <summary>A state vector: weights of the usual size, scales near 1, variances near 1.</summary>
    public static float[] State(NetworkDefinition network)
    {
        var state = new float[network.Layout.StateLength];
        foreach (var tensor in network.Layout.Tensors)
        {
            var random = new KeyedRandom(KeyedRandom.Key(7, (ulong)tensor.Offset));
            var isScale = tensor.FanIn == 0 && tensor.Name.EndsWith("weight", StringComparison.Ordinal);
            var centre = isScale || tensor.Kind == TensorKind.RunningVariance ? 1f : 0f;
            var bound = tensor.FanIn > 0 ? 1f / MathF.Sqrt(tensor.FanIn) : 0.3f;
            foreach (ref var value in state.AsSpan(tensor.Offset, tensor.Length))
            {
                value = centre + (((2f * random.NextSingle()) - 1f) * bound);
            }
        }

        return state;
    }

    /// <summary>Images of blobs: mostly background with a bright patch, as digits are, so that windows have ties.</summary>
    public static float[] Images(int count, ulong seed = 1)
    {
        var images = new float[count * ImageSet.PixelsPerImage];
        for (var i = 0; i < images.Length; i++)
        {
            var random = new KeyedRandom(KeyedRandom.Key(seed, (ulong)i));
            var (y, x) = (i % ImageSet.PixelsPerImage / ImageSet.Side, i % ImageSet.Side);
            var ink = Math.Abs(y - 14) < 9 && Math.Abs(x - 14) < 7;
            images[i] = ink ? (random.NextSingle() * 3f) - 0.4f : -0.42f;
        }

        return images;
    }

    /// <summary>Labels 0 to 9 in a mixed order.</summary>
    public static byte[] Labels(int count) => Enumerable.Range(0, count).Select(i => (byte)(i * 7 % ImageSet.Classes)).ToArray();

    /// <summary>A key for each sample.</summary>
    public static ulong[] Keys(int count) => Enumerable.Range(0, count).Select(i => KeyedRandom.Key(3, (ulong)i)).ToArray();
}
