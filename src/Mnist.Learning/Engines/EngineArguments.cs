using Mnist.Learning.Data;
using Mnist.Learning.Training;

namespace Mnist.Learning.Engines;

/// <summary>Checks what callers pass to an engine: kernels work on raw pointers and trust their input.</summary>
internal static class EngineArguments
{
    /// <summary>Checks the arguments of <see cref="IGradientEngine.ComputeContribution"/>.</summary>
    /// <exception cref="ArgumentException">A length does not fit, or a label is not a class.</exception>
    public static void Check(IGradientEngine engine, int pixels, ReadOnlySpan<byte> labels, int keys, int contribution)
    {
        RequireCapacity(engine, labels.Length);
        RequireLength(pixels, labels.Length * ImageSet.PixelsPerImage, "images");
        RequireLength(keys, labels.Length, "dropoutKeys");
        RequireLength(contribution, engine.Layout.ContributionLength, "contribution");
        var invalid = labels.IndexOfAnyExceptInRange((byte)0, (byte)(ImageSet.Classes - 1));
        if (invalid >= 0)
        {
            throw new ArgumentException($"label {labels[invalid]} at {invalid} is not in 0 to {ImageSet.Classes - 1}", nameof(labels));
        }
    }

    /// <summary>Checks the arguments of <see cref="IGradientEngine.Predict"/>.</summary>
    /// <returns>The number of samples.</returns>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public static int CheckPrediction(IGradientEngine engine, int pixels, int probabilities)
    {
        var samples = pixels / ImageSet.PixelsPerImage;
        RequireLength(pixels, samples * ImageSet.PixelsPerImage, "images");
        RequireCapacity(engine, samples);
        RequireLength(probabilities, samples * ImageSet.Classes, "probabilities");
        return samples;
    }

    /// <summary>Checks one length.</summary>
    /// <exception cref="ArgumentException">It is another one.</exception>
    public static void RequireLength(int found, int expected, string parameter)
    {
        if (found != expected)
        {
            throw new ArgumentException($"{found} elements, expected {expected}", parameter);
        }
    }

    private static void RequireCapacity(IGradientEngine engine, int samples)
    {
        if (samples > engine.BatchCapacity)
        {
            throw new ArgumentException($"{samples} samples, the engine was made for at most {engine.BatchCapacity}");
        }
    }
}
