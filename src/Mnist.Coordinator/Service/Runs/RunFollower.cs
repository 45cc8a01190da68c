using Mnist.Coordinator.Output;
using Mnist.Grains.Contracts;

namespace Mnist.Coordinator.Service.Runs;

/// <summary>Makes events of what happens while a run is trained.</summary>
/// <param name="entry">The run.</param>
/// <param name="time">Tells when a second is over.</param>
internal sealed class RunFollower(RunEntry entry, TimeProvider time) : ITrainingObserver
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(1);
    private long _lastProgress;
    private long _stepShown = -1;
    private RunProgressView? _progress;

    /// <inheritdoc/>
    public void Progressed(RunProgress progress)
    {
        _progress = entry.Progress.Of(progress);
        if (_progress.Step != _stepShown && (_stepShown < 0 || time.GetElapsedTime(_lastProgress) >= ProgressInterval))
        {
            Show(_progress);
        }
        else
        {
            entry.Note(_progress);
        }
    }

    /// <inheritdoc/>
    public void EpochCompleted(EpochResult epoch)
    {
        if (epoch.Epoch > entry.Read(history => history.LastEpoch))
        {
            entry.Publish(RunEventTypes.Epoch, EpochMetrics.Of(epoch));
        }
    }

    /// <summary>Shows what the last progress was, unless it was shown already.</summary>
    public void Finish()
    {
        if (_progress is { } last && last.Step != _stepShown)
        {
            Show(last);
        }
    }

    private void Show(RunProgressView progress)
    {
        (_lastProgress, _stepShown) = (time.GetTimestamp(), progress.Step);
        entry.Publish(RunEventTypes.Progress, progress);
    }
}
