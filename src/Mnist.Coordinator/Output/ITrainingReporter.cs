using Mnist.Grains.Contracts;

namespace Mnist.Coordinator.Output;

/// <summary>Sees a training run go on.</summary>
internal interface ITrainingObserver
{
    /// <summary>Called about ten times a second.</summary>
    void Progressed(RunProgress progress);

    /// <summary>Called once an epoch, those of earlier attempts included.</summary>
    void EpochCompleted(EpochResult epoch);
}

/// <summary>Shows a training run to whoever reads standard output.</summary>
internal interface ITrainingReporter : ITrainingObserver
{
    /// <summary>Something the user wants to know before the run begins.</summary>
    void Note(string text);

    /// <summary>The run begins.</summary>
    void Started(StartedEvent start);

    /// <summary>Shows progress while the training lasts.</summary>
    /// <param name="training">Trains, and calls the methods of <see cref="ITrainingObserver"/>.</param>
    Task<T> ShowAsync<T>(Func<Task<T>> training);

    /// <summary>The run was interrupted and can be continued.</summary>
    /// <param name="runId">Name of the run.</param>
    /// <param name="resumeCommand">What continues it.</param>
    void Paused(string runId, string resumeCommand);

    /// <summary>The run was trained to the end, and its files are written.</summary>
    void Completed(RunSummary summary);
}
