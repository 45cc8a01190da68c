using Mnist.Coordinator.Output;
using Mnist.Coordinator.Reports;
using Mnist.Grains.Contracts;
using Mnist.Learning.Specification;

namespace Mnist.Coordinator.Service.Runs;

/// <summary>How far a run is, as others see it.</summary>
/// <param name="spec">What is trained.</param>
/// <param name="stepsPerEpoch">Steps of an epoch.</param>
internal sealed class ProgressReader(RunSpec spec, int stepsPerEpoch)
{
    /// <summary>Before the first step.</summary>
    public RunProgressView NothingDone { get; } = new()
    {
        Step = 0,
        TotalSteps = (long)stepsPerEpoch * spec.Epochs,
        Epoch = 1,
        Epochs = spec.Epochs,
        Loss = null,
        ImagesPerSecond = 0,
        TrainSeconds = 0,
        ValidationAccuracy = null,
        TestAccuracy = null,
        LiveWorkers = 0,
        Ledger = new LedgerSummary { Samples = 0, Duplicates = 0, Missing = 0 },
        Faults = new FaultCounters(),
    };

    /// <summary>What the run's grain says.</summary>
    public RunProgressView Of(RunProgress progress) => NothingDone with
    {
        Step = progress.Step,
        TotalSteps = progress.TotalSteps,
        Epoch = progress.Epoch + 1,
        Loss = FiniteNumber.OrNull(progress.Loss),
        ImagesPerSecond = progress.ImagesPerSecond,
        TrainSeconds = progress.TrainSeconds,
        ValidationAccuracy = progress.Epochs is [.., { ValidationAccuracy: var validation }] ? validation : null,
        TestAccuracy = progress.Epochs is [.., { TestAccuracy: var test }] ? test : null,
        LiveWorkers = progress.LiveWorkers,
        Ledger = progress.Ledger,
        Faults = progress.Faults,
    };

    /// <summary>What the result of a completed run says. It may have ended before its last epoch, at its target.</summary>
    public RunProgressView Of(ResultJson result)
    {
        var last = result.Epochs[^1];
        return NothingDone with
        {
            Step = result.Steps,
            TotalSteps = result.Steps,
            Epoch = last.Epoch,
            Epochs = last.Epoch,
            Loss = last.TrainLoss,
            ImagesPerSecond = result.ImagesPerSecond,
            TrainSeconds = result.TrainSeconds,
            ValidationAccuracy = last.ValidationAccuracy,
            TestAccuracy = last.TestAccuracy,
            Ledger = result.Ledger,
            Faults = result.Faults,
        };
    }
}
