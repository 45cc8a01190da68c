using Mnist.Coordinator.Service;

namespace Mnist.Coordinator.Dashboard.RunDetails;

/// <summary>How many epochs of a run are over: whatever is shown of its evaluation changes with that number only.</summary>
internal static class CompletedEpochs
{
    /// <summary>Number of completed epochs.</summary>
    /// <param name="run">The run.</param>
    public static int Of(RunView run) => run.Progress.TestAccuracy is null ? 0 : run.Status == RunPhase.Completed
        ? run.Progress.Epoch
        : Math.Max(1, run.Progress.Epoch - 1);
}
