using System.Collections.Concurrent;
using Mnist.Grains.Compute;
using Mnist.Learning;
using Mnist.Learning.Data;
using Mnist.Learning.Specification;
using Mnist.Simulator.Faults;

namespace Mnist.Simulator.Models;

/// <summary>What trials train, and what they have to arrive at. Both are shared by all trials, whatever their threads.</summary>
internal static class TrialModels
{
    /// <summary>The stand-in of <see cref="ExactModel"/>.</summary>
    public const string Exact = "exact";

    /// <summary>The real network <c>tiny</c>, on synthetic images.</summary>
    public const string Tiny = "tiny";

    private const int TinyTestSamples = 40;

    private static readonly ConcurrentDictionary<RunSpec, Lazy<ReferenceTrajectory>> References = new();

    /// <summary>Names of the models.</summary>
    public static IReadOnlyList<string> Names { get; } = [Exact, Tiny];

    /// <summary>The specification of a run.</summary>
    /// <exception cref="InvalidInputException">It cannot be run.</exception>
    public static RunSpec CreateSpec(RunShape run)
    {
        var isExact = run.Model == Exact;
        var spec = Recipes.Create(
            run.Recipe,
            run.Seed,
            isExact ? new string('a', 64) : Dataset(run.Samples).Sha256,
            run.Samples + ExactModel.ValidationSamples,
            new RunOverrides
            {
                Epochs = run.Epochs,
                GlobalBatch = run.Batch,
                Slices = run.Slices,
                Optimizer = run.Optimizer,
                ValidationSamples = ExactModel.ValidationSamples,
            });
        return isExact ? spec : spec with { Network = Tiny };
    }

    /// <summary>The model of a run.</summary>
    public static ITrainingModel CreateModel(RunShape run) =>
        run.Model == Exact ? new ExactModel() : new TrainingModel(Dataset(run.Samples));

    /// <summary>What a run has to arrive at, computed once.</summary>
    public static ReferenceTrajectory Reference(RunShape run, RunSpec spec) =>
        References.GetOrAdd(spec, _ => new Lazy<ReferenceTrajectory>(() => new ReferenceTrajectory(CreateModel(run), spec))).Value;

    /// <summary>Images that a network can learn something from: each digit is a bar at a place of its own, in noise.</summary>
    private static Dataset Dataset(int samples)
    {
        var training = Images(samples + ExactModel.ValidationSamples, 1);
        var test = Images(TinyTestSamples, 2);
        return new Dataset("synthetic", training, test, samples.ToString("x64", System.Globalization.CultureInfo.InvariantCulture));
    }

    private static ImageSet Images(int count, ulong stream)
    {
        var pixels = new byte[count * ImageSet.PixelsPerImage];
        var labels = new byte[count];
        for (var image = 0; image < count; image++)
        {
            var random = new KeyedRandom(KeyedRandom.Key(stream, (ulong)image));
            var label = labels[image] = (byte)random.NextInt32(ImageSet.Classes);
            for (var pixel = 0; pixel < ImageSet.PixelsPerImage; pixel++)
            {
                var isBar = pixel / 28 / 3 == label;
                pixels[(image * ImageSet.PixelsPerImage) + pixel] = (byte)((isBar ? 150 : 0) + random.NextInt32(100));
            }
        }

        return new ImageSet(pixels, labels);
    }
}
