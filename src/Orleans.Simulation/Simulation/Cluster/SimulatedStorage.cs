using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Simulation;

/// <summary>
/// A silo's connection to storage that outlives silos. An operation takes its arguments along when it is asked for, is executed when
/// its request arrives, and has effect for the caller when its acknowledgement does.
/// </summary>
internal sealed class SimulatedStorage(SimulatedCluster cluster, SiloNode node, string name) : IGrainStorage
{
    private readonly MemoryStorage _records = cluster.Records(name);

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Perform(
        StorageOperationKind.Read,
        stateName,
        grainId,
        () =>
        {
            var read = new GrainState<T>();
            _ = _records.ReadStateAsync(stateName, grainId, read);
            return () => (grainState.State, grainState.ETag, grainState.RecordExists) = (read.State, read.ETag, read.RecordExists);
        });

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        string? seen = grainState.ETag;
        var content = MemoryStorage.Encode(grainState.State);
        return Perform(
            StorageOperationKind.Write,
            stateName,
            grainId,
            () =>
            {
                string? version = _records.Replace(stateName, grainId, seen, content);
                var operation = new StorageOperation(StorageOperationKind.Write, node.Name, name, stateName, grainId);
                cluster.NoteStored(operation, content.Decode<T>);
                return () => (grainState.ETag, grainState.RecordExists) = (version, true);
            });
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        string? seen = grainState.ETag;
        return Perform(
            StorageOperationKind.Clear,
            stateName,
            grainId,
            () =>
            {
                string? version = _records.Replace(stateName, grainId, seen, null);
                return () => MemoryStorage.Reset(grainState, version);
            });
    }

    private Task Perform(StorageOperationKind kind, string stateName, GrainId grain, Func<Action> execute)
    {
        cluster.Sentinel.Require("use storage");
        var operation = new StorageOperation(kind, node.Name, name, stateName, grain);
        var outcome = Draw(operation);
        var pending = new PendingOperation(node);
        cluster.StorageOperations.Add(pending);
        cluster.Clock.After(cluster.StorageRandom.NextTime(cluster.Storage.Delay), () => Arrive(operation, outcome, pending, execute));
        return pending.Completion.Task;
    }

    private StorageOutcome Draw(StorageOperation operation)
    {
        var storage = cluster.Storage;
        var random = cluster.StorageRandom;
        return storage.Decide?.Invoke(operation)
            ?? (random.NextBoolean(storage.RefusalProbability) ? StorageOutcome.Refused
            : random.NextBoolean(storage.RequestLossProbability) ? StorageOutcome.RequestLost
            : random.NextBoolean(storage.AcknowledgementLossProbability) ? StorageOutcome.AcknowledgementLost
            : operation.Kind != StorageOperationKind.Read && random.NextBoolean(storage.ConflictProbability) ? StorageOutcome.Conflict
            : StorageOutcome.Executed);
    }

    private void Arrive(StorageOperation operation, StorageOutcome outcome, PendingOperation pending, Func<Action> execute)
    {
        _ = cluster.StorageOperations.Remove(pending);
        if (pending.IsLost)
        {
            outcome = StorageOutcome.RequestLost;
        }

        Action? acknowledge = null;
        Exception? failure = null;
        switch (outcome)
        {
            case StorageOutcome.Executed or StorageOutcome.AcknowledgementLost:
                try
                {
                    acknowledge = execute();
                }
                catch (InconsistentStateException conflict)
                {
                    failure = conflict;
                }

                break;
            case StorageOutcome.Refused:
                failure = new IOException(
                    $"Storage \"{name}\" refused to {operation.Kind} \"{operation.StateName}\" of {operation.Grain}.");
                break;
            case StorageOutcome.Conflict:
                failure = new InconsistentStateException(
                    $"Version conflict in storage \"{name}\", record \"{operation.StateName}\" of {operation.Grain}.");
                break;
        }

        cluster.Log.Record(
            outcome == StorageOutcome.Executed ? SimulationEventKind.StorageExecuted : SimulationEventKind.StorageFault,
            node,
            operation.Grain,
            $"{operation.Kind} {operation.StateName} {outcome}");
        Answer(operation, outcome, pending, acknowledge, failure);
    }

    private void Answer(
        StorageOperation operation, StorageOutcome outcome, PendingOperation pending, Action? acknowledge, Exception? failure)
    {
        bool silent = outcome is StorageOutcome.RequestLost or StorageOutcome.AcknowledgementLost;
        if (silent)
        {
            acknowledge = null;
            failure = new TimeoutException(
                $"Storage \"{name}\" did not acknowledge in {cluster.Storage.Timeout}: "
                + $"{operation.Kind} \"{operation.StateName}\" of {operation.Grain}.");
        }

        cluster.Clock.After(
            silent ? cluster.Storage.Timeout : cluster.StorageRandom.NextTime(cluster.Storage.Delay),
            () => node.Enqueue(() =>
            {
                acknowledge?.Invoke();
                if (failure is null)
                {
                    pending.Completion.SetResult();
                }
                else
                {
                    pending.Completion.SetException(failure);
                }
            }));
    }
}

/// <summary>An operation on its way to storage.</summary>
internal sealed class PendingOperation(SiloNode node)
{
    public SiloNode Node => node;

    public TaskCompletionSource Completion { get; } = new();

    /// <summary>Whether the request vanishes together with the silo that sent it.</summary>
    public bool IsLost { get; set; }
}
