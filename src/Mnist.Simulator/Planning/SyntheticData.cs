using Mnist.Learning;
using Mnist.Learning.Data;
using Mnist.Learning.Specification;

namespace Mnist.Simulator.Planning;

/// <summary>Runs on images of noise: how long a step takes does not depend on what the images show.</summary>
internal static class SyntheticData
{
    private const int TestImages = 10;

    /// <summary>A specification like another one, whose epochs have a number of steps, and no validation.</summary>
    /// <param name="spec">What is trained.</param>
    /// <param name="steps">Steps of an epoch.</param>
    /// <param name="epochs">Epochs.</param>
    public static RunSpec Specify(RunSpec spec, int steps, int epochs) => spec with
    {
        TrainingSamples = steps * spec.GlobalBatch,
        ValidationSamples = 0,
        Epochs = epochs,
        TargetAccuracy = null,
        DatasetSha256 = new string('0', 64),
    };

    /// <summary>The data set of a specification that was made here.</summary>
    public static Dataset Create(RunSpec spec) =>
        new("synthetic", Images(spec.TrainingSamples, 1), Images(TestImages, 2), spec.DatasetSha256);

    private static ImageSet Images(int count, ulong stream)
    {
        var random = new KeyedRandom(KeyedRandom.Key(stream));
        var pixels = new byte[count * ImageSet.PixelsPerImage];
        foreach (ref var pixel in pixels.AsSpan())
        {
            pixel = (byte)random.NextInt32(256);
        }

        return new ImageSet(pixels, Enumerable.Range(0, count).Select(image => (byte)(image % ImageSet.Classes)).ToArray());
    }
}
