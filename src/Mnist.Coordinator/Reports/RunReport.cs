using Mnist.Grains.Contracts;
using Mnist.Learning.Data;
using Mnist.Learning.Evaluation;
using Mnist.Learning.Files;
using Mnist.Learning.Models;
using Mnist.Learning.Specification;

namespace Mnist.Coordinator.Reports;

/// <summary>Everything about a finished run that its files show.</summary>
internal sealed record RunReport
{
    private readonly Lazy<EvaluationSummary> _evaluation;
    private readonly Lazy<string> _weightsSha256;

    /// <summary>Creates a report; the properties that are required say it all.</summary>
    public RunReport()
    {
        _evaluation = new(() => EvaluationSummary.FromProbabilities(TestProbabilities, Dataset!.Test.Labels.Span));
        _weightsSha256 = new(() => WeightsHash.Compute(State));
    }

    /// <summary>Name of the run.</summary>
    public required string RunId { get; init; }

    /// <summary>Name of the edition that trained it.</summary>
    public required string Edition { get; init; }

    /// <summary>What gradients were computed with: <c>simd</c>, or <c>simd, torch (cuda)</c> where silos differ.</summary>
    public required string Engine { get; init; }

    /// <summary>What was trained.</summary>
    public required RunSpec Spec { get; init; }

    /// <summary>Number of workers.</summary>
    public required int Workers { get; init; }

    /// <summary>The data set.</summary>
    public required Dataset Dataset { get; init; }

    /// <summary>Layout of <see cref="State"/>.</summary>
    public required ModelLayout Layout { get; init; }

    /// <summary>(parameters, running statistics) that were evaluated last.</summary>
    public required float[] State { get; init; }

    /// <summary>Results of the epochs, in order; at least one.</summary>
    public required IReadOnlyList<EpochResult> Epochs { get; init; }

    /// <summary>(test images, 10) probabilities of the last evaluation.</summary>
    public required float[] TestProbabilities { get; init; }

    /// <summary>Seconds of training.</summary>
    public required double TrainSeconds { get; init; }

    /// <summary>Seconds from the start of the program until the first step began; null where other programs trained.</summary>
    public double? StartSeconds { get; init; }

    /// <summary>When that was.</summary>
    public DateTimeOffset? FirstStepAt { get; init; }

    /// <summary>Samples applied a second.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>Where the time of the steps went that is not computing, in the last attempt.</summary>
    public StepTimes Times { get; init; } = new();

    /// <summary>What became of the samples.</summary>
    public required LedgerSummary Ledger { get; init; }

    /// <summary>What was survived.</summary>
    public required FaultCounters Faults { get; init; }

    /// <summary>Version of the program.</summary>
    public required string Version { get; init; }

    /// <summary>The machine in words: processor, cores, operating system.</summary>
    public required string Machine { get; init; }

    /// <summary>When the run ended.</summary>
    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary>How well the network does on the test split.</summary>
    public EvaluationSummary Evaluation => _evaluation.Value;

    /// <summary><see cref="WeightsHash"/> of <see cref="State"/>.</summary>
    public string WeightsSha256 => _weightsSha256.Value;

    /// <summary>Steps applied, over all epochs.</summary>
    public long Steps => Epochs.Sum(epoch => (long)epoch.StepLosses.Length);

    /// <summary>Probabilities of a test image's classes.</summary>
    /// <param name="index">Index of the image.</param>
    /// <returns>(10).</returns>
    public ReadOnlySpan<float> Probabilities(int index) => TestProbabilities.AsSpan(index * ImageSet.Classes, ImageSet.Classes);
}
