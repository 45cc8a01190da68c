using Mnist.Grains.Contracts;

namespace Mnist.Coordinator.Output;

/// <summary>A run was trained to the end, and its files are written.</summary>
/// <param name="RunId">Name of the run.</param>
/// <param name="Recipe">Name of the recipe.</param>
/// <param name="Seed">Seed of everything random.</param>
/// <param name="SpecSha256">SHA-256 of the specification.</param>
/// <param name="WeightsSha256">SHA-256 of the weights: equal for equal specifications.</param>
/// <param name="Epochs">Epochs that were trained.</param>
/// <param name="Steps">Steps that were applied.</param>
/// <param name="TestAccuracy">Accuracy on the test split, 0 to 1.</param>
/// <param name="TestLoss">Mean loss on the test split, nats.</param>
/// <param name="ValidationAccuracy">Accuracy on the validation samples, 0 to 1; null where there are none.</param>
/// <param name="TrainSeconds">Seconds of training, over all attempts.</param>
/// <param name="ImagesPerSecond">Samples applied a second, of the last attempt.</param>
/// <param name="Workers">Number of workers.</param>
/// <param name="Ledger">What became of the samples.</param>
/// <param name="Faults">What was survived.</param>
/// <param name="Out">Folder of the run.</param>
internal sealed record CompletedEvent(
    string RunId,
    string Recipe,
    ulong Seed,
    string SpecSha256,
    string WeightsSha256,
    int Epochs,
    long Steps,
    double TestAccuracy,
    double TestLoss,
    double? ValidationAccuracy,
    double TrainSeconds,
    double ImagesPerSecond,
    int Workers,
    LedgerSummary Ledger,
    FaultCounters Faults,
    string Out) : OutputEvent("completed");
