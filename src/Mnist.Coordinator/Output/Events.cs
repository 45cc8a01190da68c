using Mnist.Grains.Contracts;

namespace Mnist.Coordinator.Output;

/// <summary>MNIST is being fetched.</summary>
/// <param name="Bytes">Bytes received.</param>
/// <param name="Total">Bytes of all files.</param>
/// <param name="Source">Where they come from.</param>
internal sealed record FetchEvent(long Bytes, long Total, string Source) : OutputEvent("fetch");

/// <summary>The coordinator listens.</summary>
/// <param name="Url">Where.</param>
internal sealed record ListeningEvent(string Url) : OutputEvent("listening");

/// <summary>A run is deleted.</summary>
/// <param name="RunId">Name that the run had.</param>
internal sealed record DeletedEvent(string RunId) : OutputEvent("deleted");

/// <summary>A run begins.</summary>
/// <param name="RunId">Name of the run.</param>
/// <param name="Recipe">Name of the recipe.</param>
/// <param name="Seed">Seed of everything random.</param>
/// <param name="SpecSha256">SHA-256 of the specification: what names the result.</param>
/// <param name="Epochs">The most passes over the training samples.</param>
/// <param name="TrainingSamples">Samples of an epoch.</param>
/// <param name="Workers">Number of workers.</param>
/// <param name="Partitions">Number of parameter-server partitions.</param>
/// <param name="Dataset">Name of the data set.</param>
/// <param name="DatasetSha256">Hash of the data set.</param>
/// <param name="Edition">Edition of this program.</param>
/// <param name="Out">Folder of the run.</param>
/// <param name="Resumed">Whether the run was begun before.</param>
internal sealed record StartedEvent(
    string RunId,
    string Recipe,
    ulong Seed,
    string SpecSha256,
    int Epochs,
    int TrainingSamples,
    int Workers,
    int Partitions,
    string Dataset,
    string DatasetSha256,
    string Edition,
    string Out,
    bool Resumed) : OutputEvent("started");

/// <summary>Where a run stands.</summary>
/// <param name="Step">Steps applied to the weights.</param>
/// <param name="TotalSteps">Steps of the whole run.</param>
/// <param name="Epoch">Epoch in progress, from 1.</param>
/// <param name="Loss">Mean loss of late, nats; null before the first.</param>
/// <param name="ImagesPerSecond">Samples applied a second, of late.</param>
/// <param name="TrainSeconds">Seconds of training so far, over all attempts.</param>
/// <param name="Workers">Workers that are alive.</param>
/// <param name="ServerSeconds">Seconds in which the parameter server computed, since it was last started.</param>
/// <param name="WaitSeconds">Seconds that a worker waited for others to end a step, on the average, since then.</param>
internal sealed record ProgressEvent(
    long Step, long TotalSteps, int Epoch, double? Loss, double ImagesPerSecond, double TrainSeconds, int Workers,
    double ServerSeconds, double WaitSeconds) : OutputEvent("progress")
{
    /// <summary>Makes the event of a progress.</summary>
    public static ProgressEvent From(RunProgress progress) => new(
        progress.Step,
        progress.TotalSteps,
        progress.Epoch + 1,
        FiniteNumber.OrNull(progress.Loss),
        progress.ImagesPerSecond,
        progress.TrainSeconds,
        progress.LiveWorkers,
        progress.Times.ServerSeconds,
        progress.Times.WaitSeconds);
}

/// <summary>An epoch was trained and evaluated.</summary>
/// <param name="Epoch">Epoch, from 1.</param>
/// <param name="TrainLoss">Mean training loss, nats; null where the run diverged.</param>
/// <param name="TrainAccuracy">Training accuracy as trained, 0 to 1.</param>
/// <param name="ValidationAccuracy">Accuracy on the validation samples, 0 to 1; null where there are none.</param>
/// <param name="TestAccuracy">Accuracy on the test split, 0 to 1.</param>
/// <param name="TestLoss">Mean loss on the test split, nats; null where the run diverged.</param>
/// <param name="LearningRate">Learning rate of the last step.</param>
/// <param name="Seconds">Seconds of training.</param>
internal sealed record EpochEvent(
    int Epoch,
    double? TrainLoss,
    double TrainAccuracy,
    double? ValidationAccuracy,
    double TestAccuracy,
    double? TestLoss,
    float LearningRate,
    double Seconds) : OutputEvent("epoch")
{
    /// <summary>Makes the event of an epoch.</summary>
    public static EpochEvent From(EpochResult epoch) => new(
        epoch.Epoch,
        FiniteNumber.OrNull(epoch.TrainLoss),
        epoch.TrainAccuracy,
        epoch.ValidationAccuracy,
        epoch.TestAccuracy,
        FiniteNumber.OrNull(epoch.TestLoss),
        epoch.LearningRate,
        epoch.Seconds);
}

/// <summary>A run was interrupted and can be continued.</summary>
/// <param name="RunId">Name of the run.</param>
/// <param name="ResumeCommand">What continues it.</param>
internal sealed record PausedEvent(string RunId, string ResumeCommand) : OutputEvent("paused");
