using Mnist.Coordinator.Runs;
using Mnist.Grains.Telemetry;

namespace Mnist.Coordinator.Service.Runs;

/// <summary>One attempt to train a run, from the queue to its end.</summary>
/// <param name="entry">The run.</param>
/// <param name="claim">The right to work on its folder, given back at the end; null where there is no folder any more.</param>
/// <param name="isResumed">Whether the run was begun before.</param>
internal sealed class RunAttempt(RunEntry entry, RunClaim? claim, bool isResumed) : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The run.</summary>
    public RunEntry Entry { get; } = entry;

    /// <summary>The request that asked for it; null where nobody traces requests.</summary>
    public string? TraceParent { get; } = TrainingTraces.CurrentParent;

    /// <summary>Whether the run was begun before.</summary>
    public bool IsResumed { get; } = isResumed;

    /// <summary>What the run becomes when it is stopped: <see cref="RunEventTypes.Paused"/>,
    /// <see cref="RunEventTypes.Cancelled"/> or <see cref="RunEventTypes.Suspended"/>; null while nobody wants it to stop.</summary>
    public string? Ending { get; private set; }

    /// <summary>Cancelled when the attempt is to stop.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Completes when the attempt is over.</summary>
    public Task Done => _done.Task;

    /// <summary>Asks the attempt to stop. To cancel goes before to pause, whoever comes first.</summary>
    /// <param name="ending">See <see cref="Ending"/>.</param>
    public void Stop(string ending)
    {
        Ending = Ending == RunEventTypes.Cancelled ? Ending : ending;
        _stopping.Cancel();
    }

    /// <summary>Gives the folder back.</summary>
    public void Dispose()
    {
        claim?.Dispose();
        _done.TrySetResult();
    }
}
