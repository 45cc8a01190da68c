using System.Text.Json;
using System.Text.Json.Serialization;
using Mnist.Coordinator.Output;
using Mnist.Grains.Contracts;
using Mnist.Learning.Specification;

namespace Mnist.Coordinator.Reports;

/// <summary>What <c>result.json</c> holds: the run's result for programs.</summary>
/// <param name="RunId">Name of the run.</param>
/// <param name="Edition">Edition that trained it.</param>
/// <param name="Engine">What gradients were computed with; the weights' bits follow from the specification only where it is
/// <c>simd</c>.</param>
/// <param name="Version">Version of the program.</param>
/// <param name="Machine">The machine in words.</param>
/// <param name="FinishedAt">When it ended.</param>
/// <param name="Recipe">Name of the recipe.</param>
/// <param name="Seed">Seed of everything random.</param>
/// <param name="SpecSha256">SHA-256 of the specification.</param>
/// <param name="Dataset">Name of the data set.</param>
/// <param name="Workers">Number of workers.</param>
/// <param name="Steps">Steps applied.</param>
/// <param name="Epochs">Results of the epochs.</param>
/// <param name="TestAccuracy">Accuracy on the test split, 0 to 1.</param>
/// <param name="TestLoss">Mean loss on the test split, nats; null where the run diverged.</param>
/// <param name="WeightsSha256">SHA-256 of the weights.</param>
/// <param name="StartSeconds">Seconds from the start of the program until the first step of this attempt began; null where other programs
/// trained.</param>
/// <param name="FirstStepAt">When that was.</param>
/// <param name="TrainSeconds">Seconds of training.</param>
/// <param name="ImagesPerSecond">Samples applied a second.</param>
/// <param name="ServerSeconds">Seconds in which the parameter server computed, in the last attempt.</param>
/// <param name="WaitSeconds">Seconds that a worker waited for others to end a step, on the average, in the last attempt.</param>
/// <param name="Ledger">What became of the samples.</param>
/// <param name="Faults">What was survived.</param>
internal sealed record ResultJson(
    string RunId,
    string Edition,
    string Engine,
    string Version,
    string Machine,
    DateTimeOffset FinishedAt,
    string Recipe,
    ulong Seed,
    string SpecSha256,
    string Dataset,
    int Workers,
    long Steps,
    IReadOnlyList<EpochJson> Epochs,
    double TestAccuracy,
    double? TestLoss,
    string WeightsSha256,
    double? StartSeconds,
    DateTimeOffset? FirstStepAt,
    double TrainSeconds,
    double ImagesPerSecond,
    double ServerSeconds,
    double WaitSeconds,
    LedgerSummary Ledger,
    FaultCounters Faults)
{
    /// <summary>Formats the file.</summary>
    /// <param name="report">The run.</param>
    public static string Format(RunReport report) =>
        JsonSerializer.Serialize(FromReport(report), ResultJsonContext.Default.ResultJson) + "\n";

    /// <summary>Takes the result out of a report.</summary>
    /// <param name="report">The run.</param>
    public static ResultJson FromReport(RunReport report) => new(
        report.RunId,
        report.Edition,
        report.Engine,
        report.Version,
        report.Machine,
        report.FinishedAt,
        report.Spec.Recipe,
        report.Spec.Seed,
        RunSpecJson.Sha256(report.Spec),
        report.Dataset.Name,
        report.Workers,
        report.Steps,
        [.. report.Epochs.Select(EpochJson.FromResult)],
        report.Evaluation.Accuracy,
        FiniteNumber.OrNull(report.Evaluation.Loss),
        report.WeightsSha256,
        report.StartSeconds,
        report.FirstStepAt,
        report.TrainSeconds,
        report.ImagesPerSecond,
        report.Times.ServerSeconds,
        report.Times.WaitSeconds,
        report.Ledger,
        report.Faults);
}

/// <summary>Result of an epoch in <c>result.json</c>.</summary>
/// <param name="Epoch">Epoch, from 1.</param>
/// <param name="TrainLoss">Mean training loss, nats; null where the run diverged.</param>
/// <param name="TrainAccuracy">Training accuracy as trained, 0 to 1.</param>
/// <param name="ValidationAccuracy">Accuracy on the validation samples, 0 to 1; null where there are none.</param>
/// <param name="TestAccuracy">Accuracy on the test split, 0 to 1.</param>
/// <param name="TestLoss">Mean loss on the test split, nats; null where the run diverged.</param>
/// <param name="LearningRate">Learning rate of the last step.</param>
/// <param name="Seconds">Seconds of training.</param>
internal sealed record EpochJson(
    int Epoch,
    double? TrainLoss,
    double TrainAccuracy,
    double? ValidationAccuracy,
    double TestAccuracy,
    double? TestLoss,
    float LearningRate,
    double Seconds)
{
    /// <summary>Leaves the losses of the steps out.</summary>
    /// <param name="result">Result of an epoch.</param>
    public static EpochJson FromResult(EpochResult result) => new(
        result.Epoch,
        FiniteNumber.OrNull(result.TrainLoss),
        result.TrainAccuracy,
        result.ValidationAccuracy,
        result.TestAccuracy,
        FiniteNumber.OrNull(result.TestLoss),
        result.LearningRate,
        result.Seconds);
}

/// <summary>Generated writer of <see cref="ResultJson"/>. No number that is none may keep a result from being written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    WriteIndented = true)]
[JsonSerializable(typeof(ResultJson))]
internal sealed partial class ResultJsonContext : JsonSerializerContext;
