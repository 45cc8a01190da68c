using Mnist.Grains.Contracts;
using Mnist.Grains.Grains;
using Mnist.Learning;
using Mnist.Simulator.Faults;
using Orleans.Runtime;
using Orleans.Simulation;

namespace Mnist.Simulator.Checks;

/// <summary>Looks at everything that is written to storage.</summary>
internal sealed class StorageChecker(string specSha256, RunShape run, ViolationLog violations)
{
    private readonly Dictionary<GrainId, Dictionary<string, long>> _checkpoints = [];
    private readonly HashSet<(GrainId Grain, string Slot)> _deleted = [];
    private bool _isComplete;
    private bool _isBeingDeleted;

    /// <summary>Checks what is stored of a run that is over, once its coordinator has been told that all is cleared up.</summary>
    public void CheckEnd()
    {
        foreach (var (grain, slots) in _checkpoints.Where(partition => partition.Value.Count > 0))
        {
            violations.Add(
                Invariants.Checkpoints, $"{grain}: still has the checkpoints of rounds {string.Join(", ", slots.Values)} when all is over");
        }
    }

    /// <summary>Checks a record that was written.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="state">The state that is stored now.</param>
    public void Check(StorageOperation operation, object? state)
    {
        switch (state)
        {
            case CheckpointState checkpoint:
                Check(operation, checkpoint);
                break;
            case RunState stored:
                Check(stored);
                break;
        }
    }

    private static string Who(StorageOperation operation) => $"{operation.Grain} on {operation.Silo}";

    /// <summary>The newest checkpoint of a partition never gets older, whoever writes, until the first of them is deleted: the other one
    /// may be overwritten by an activation that has not heard that all is over, and is deleted next.</summary>
    private void Check(StorageOperation operation, CheckpointState checkpoint)
    {
        if (checkpoint.IsDeletion)
        {
            CheckDeletion(operation);
            return;
        }

        if (_deleted.Contains((operation.Grain, operation.StateName)))
        {
            violations.Add(Invariants.Checkpoints, $"{Who(operation)}: wrote {operation.StateName} after its deletion");
        }

        long round;
        try
        {
            round = PartitionCheckpoint.ReadRound(checkpoint, specSha256, operation.StateName);
        }
        catch (InvalidInputException exception)
        {
            violations.Add(Invariants.Commit, $"{Who(operation)}: {exception.Message}");
            return;
        }

        if (!_checkpoints.TryGetValue(operation.Grain, out var slots))
        {
            _checkpoints.Add(operation.Grain, slots = []);
        }

        var newest = slots.Count == 0 ? -1 : slots.Values.Max();
        slots[operation.StateName] = round;
        var isBeingDeleted = _deleted.Any(deleted => deleted.Grain == operation.Grain);
        if (slots.Values.Max() < newest && !isBeingDeleted)
        {
            violations.Add(
                Invariants.Commit,
                $"{Who(operation)}: overwrote the checkpoint of round {newest} by that of round {round}");
        }
    }

    /// <summary>Only a run that is stored as completed can do without its checkpoints.</summary>
    private void CheckDeletion(StorageOperation operation)
    {
        if (!_isComplete)
        {
            violations.Add(
                Invariants.Checkpoints, $"{Who(operation)}: {operation.StateName} is deleted before the run is completed");
        }

        _deleted.Add((operation.Grain, operation.StateName));
        _checkpoints.GetValueOrDefault(operation.Grain)?.Remove(operation.StateName);
    }

    /// <summary>A run that is completed has all its epochs and its weights, and stays completed.</summary>
    private void Check(RunState stored)
    {
        if (_isBeingDeleted || stored.Status == RunStatus.Deleting)
        {
            CheckDeletion(stored);
            return;
        }

        var isComplete = stored.Status == RunStatus.Completed;
        if ((_isComplete && !isComplete) || (isComplete && (stored.Epochs.Length != run.Epochs || stored.Model is null)))
        {
            violations.Add(
                Invariants.Commit,
                $"the run is stored as {stored.Status} with {stored.Epochs.Length} of {run.Epochs} epochs and "
                + $"{(stored.Model is null ? "no" : "its")} weights, {(_isComplete ? "" : "not ")}completed before");
        }

        _isComplete = isComplete;
    }

    /// <summary>Only a run that is over is deleted, where its coordinator wants it; it is not stored as anything else any more.</summary>
    private void CheckDeletion(RunState stored)
    {
        if (stored.Status != RunStatus.Deleting || !_isComplete || !run.Deleted)
        {
            violations.Add(
                Invariants.Deletion,
                $"the run is stored as {stored.Status}, {(_isBeingDeleted ? "" : "not ")}being deleted before, "
                + $"{(_isComplete ? "" : "not ")}completed, {(run.Deleted ? "" : "not ")}to be deleted");
        }

        _isBeingDeleted = true;
    }
}
