using Mnist.Coordinator.Reports;
using Mnist.Grains.Contracts;
using Mnist.Learning.Data;
using Mnist.Learning.Models;
using Mnist.Learning.Specification;

namespace Mnist.Coordinator.Tests.Reports;

/// <summary>A run of 40 test images, whose results are made up.</summary>
internal static class SampleRun
{
    public const int TestCount = 40;

    /// <param name="errors">The first images of the test split that are taken for the next class.</param>
    /// <param name="epochs">Number of epochs.</param>
    public static RunReport Create(int errors = 3, int epochs = 3)
    {
        var dataset = new Dataset("mnist", Images(120), Images(TestCount), new string('a', 64));
        var spec = Recipes.Create("tiny", 7, dataset, new RunOverrides { ValidationSamples = 20 });
        var layout = Networks.Create(spec.Network).Layout;
        return new RunReport
        {
            RunId = "tiny-<7>",
            Edition = "Embedded",
            Engine = "simd",
            Spec = spec,
            Workers = 4,
            Dataset = dataset,
            Layout = layout,
            State = [.. Enumerable.Range(0, layout.StateLength).Select(i => i / 1000f)],
            Epochs = [.. Enumerable.Range(1, epochs).Select(Epoch)],
            TestProbabilities = [.. Enumerable.Range(0, TestCount).SelectMany(i => Row(i % 10, isWrong: i < errors, i))],
            TrainSeconds = 3.25,
            ImagesPerSecond = 32_000,
            Ledger = new LedgerSummary { Samples = 300, Duplicates = 0, Missing = 0 },
            Faults = new FaultCounters { Checkpoints = 2 },
            Version = "1.0.0",
            Machine = "a test",
            FinishedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        };
    }

    private static EpochResult Epoch(int epoch) => new()
    {
        Epoch = epoch,
        TrainLoss = 0.5 / epoch,
        TrainAccuracy = 1 - (0.1 / epoch),
        ValidationAccuracy = epoch == 1 ? null : 1 - (0.05 / epoch),
        TestAccuracy = 1 - (0.06 / epoch),
        TestLoss = 0.3 / epoch,
        LearningRate = 0.01f / epoch,
        Seconds = 1.5,
        StepLosses = [.. Enumerable.Range(0, 20).Select(i => 2f / (i + (20 * epoch) - 19))],
    };

    private static IEnumerable<float> Row(int label, bool isWrong, int index)
    {
        var confidence = 0.99f - (index * 0.01f);
        var predicted = isWrong ? (label + 1) % 10 : label;
        return Enumerable.Range(0, 10).Select(i => i == predicted ? confidence : (1 - confidence) / 9);
    }

    private static ImageSet Images(int count) => new(
        Enumerable.Range(0, count * ImageSet.PixelsPerImage).Select(i => (byte)(i * 13)).ToArray(),
        Enumerable.Range(0, count).Select(i => (byte)(i % 10)).ToArray());
}
