using Mnist.Learning.Data;
using Mnist.Learning.Models;

namespace Mnist.Learning.Tests.Training;

/// <summary>Layouts, images and numbers for tests that need some, whatever they are.</summary>
internal static class TestData
{
    /// <summary>Two layers with a batch normalization between; every kind of tensor, no length a multiple of a vector.</summary>
    public static ModelLayout Layout { get; } = new(
        "test",
        [
            new TensorSpec("conv1.weight", [3, 3, 1, 5], 0, TensorKind.Parameter, 9),
            new TensorSpec("conv1.bias", [5], 45, TensorKind.Parameter, 9),
            new TensorSpec("bn1.weight", [5], 50, TensorKind.Parameter, 0),
            new TensorSpec("bn1.bias", [5], 55, TensorKind.Parameter, 0),
            new TensorSpec("fc.weight", [16, 10], 60, TensorKind.Parameter, 16),
            new TensorSpec("bn1.running_mean", [5], 220, TensorKind.RunningMean, 0),
            new TensorSpec("bn1.running_var", [5], 225, TensorKind.RunningVariance, 0),
        ]);

    /// <summary>Numbers in [−1, 1), some of them tiny, so that the order of operations shows in the last bit.</summary>
    public static float[] Floats(int length, ulong key)
    {
        var random = new KeyedRandom(KeyedRandom.Key(key));
        return [.. Enumerable.Range(0, length).Select(_ => ((2 * random.NextSingle()) - 1) / (1 << random.NextInt32(12)))];
    }

    /// <summary>Images of noise in a corner that depends on the label, so that they can be learned.</summary>
    public static ImageSet Images(int count, ulong key)
    {
        var random = new KeyedRandom(KeyedRandom.Key(key));
        var pixels = new byte[count * ImageSet.PixelsPerImage];
        var labels = new byte[count];
        for (var i = 0; i < count; i++)
        {
            labels[i] = (byte)random.NextInt32(ImageSet.Classes);
            for (var p = 0; p < 100; p++)
            {
                pixels[(i * ImageSet.PixelsPerImage) + (labels[i] * 60) + random.NextInt32(200)] = (byte)random.NextInt32(256);
            }
        }

        return new ImageSet(pixels, labels);
    }
}
