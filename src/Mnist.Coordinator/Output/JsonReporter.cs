using Mnist.Grains.Contracts;

namespace Mnist.Coordinator.Output;

/// <summary>Shows a training run as JSON lines.</summary>
internal sealed class JsonReporter : ITrainingReporter
{
    private static readonly EventJsonContext Json = EventJsonContext.Default;
    private long _stepShown = -1;

    /// <inheritdoc/>
    public void Note(string text) => JsonLines.Write(new TextEvent("note", text));

    /// <inheritdoc/>
    public void Started(StartedEvent start) => JsonLines.Write(start, Json.StartedEvent);

    /// <inheritdoc/>
    public Task<T> ShowAsync<T>(Func<Task<T>> training) => training();

    /// <inheritdoc/>
    public void Progressed(RunProgress progress)
    {
        if (progress.Step != _stepShown)
        {
            _stepShown = progress.Step;
            JsonLines.Write(ProgressEvent.From(progress), Json.ProgressEvent);
        }
    }

    /// <inheritdoc/>
    public void EpochCompleted(EpochResult epoch) => JsonLines.Write(EpochEvent.From(epoch), Json.EpochEvent);

    /// <inheritdoc/>
    public void Paused(string runId, string resumeCommand) => JsonLines.Write(new PausedEvent(runId, resumeCommand), Json.PausedEvent);

    /// <inheritdoc/>
    public void Completed(RunSummary summary) => Console.Out.WriteLine(summary.ToJsonLine());
}
