using Mnist.Grains.Protocol;
using Mnist.Learning;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace Mnist.Grains.Grains;

/// <summary>
/// The stored checkpoints of a partition: the last two, so that partitions that crash between their writes still have one
/// in common. Every write is fenced by the ETag of the slot: an activation that was replaced cannot overwrite what its
/// successor wrote.
/// </summary>
internal sealed class CheckpointSlots
{
    private static readonly string[] Names = ["checkpoint-a", "checkpoint-b"];
    private readonly IGrainStorage _storage;
    private readonly GrainId _grainId;
    private readonly string _specSha256;
    private readonly Slot[] _slots = [new(), new()];

    private bool _areDeleted;

    public CheckpointSlots(IGrainStorage storage, GrainId grainId, string specSha256) =>
        (_storage, _grainId, _specSha256) = (storage, grainId, specSha256);

    /// <summary>Rounds of the stored checkpoints, newest first.</summary>
    public IReadOnlyList<long> Rounds =>
        [.. _slots.Where(slot => slot.Round is not null).Select(slot => slot.Round!.Value).OrderDescending()];

    /// <summary>Reads what is stored.</summary>
    /// <exception cref="InvalidInputException">A checkpoint is damaged or of another specification.</exception>
    public async Task ReadAsync()
    {
        for (var i = 0; i < _slots.Length; i++)
        {
            var slot = _slots[i];
            await _storage.ReadStateAsync(Names[i], _grainId, slot.State);
            var isDeleted = IsDeleted(slot.State);
            slot.Round = !isDeleted && slot.State is { RecordExists: true, State: { } stored }
                ? PartitionCheckpoint.ReadRound(stored, _specSha256, Source(i))
                : null;
            _areDeleted |= isDeleted;
        }
    }

    /// <summary>Brings a partition to a stored checkpoint.</summary>
    /// <param name="round">One of <see cref="Rounds"/>.</param>
    /// <param name="server">The partition.</param>
    /// <returns>Time spent until then.</returns>
    public TrainingTimes Load(long round, PartitionServer server)
    {
        var index = Array.FindIndex(_slots, slot => slot.Round == round);
        return PartitionCheckpoint.Load(_slots[index].State.State!, server, _specSha256, Source(index));
    }

    /// <summary>Writes a checkpoint over the older one.</summary>
    /// <param name="round">The round that it begins with.</param>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <exception cref="InconsistentStateException">Another activation has written it.</exception>
    /// <exception cref="InvalidOperationException">The checkpoints were deleted.</exception>
    public async Task WriteAsync(long round, CheckpointState checkpoint)
    {
        if (_areDeleted)
        {
            throw new InvalidOperationException($"the checkpoints of {_grainId} were deleted when its run ended");
        }

        var slot = _slots.MinBy(candidate => candidate.Round ?? -1)!;
        if (_slots.FirstOrDefault(candidate => candidate.Round == round) is { } same)
        {
            slot = same;
        }

        // Until it is written, the slot holds what it held: the partition may go back to that in the meantime.
        var state = new GrainState<CheckpointState>(checkpoint, slot.State.ETag!) { RecordExists = slot.State.RecordExists };
        await _storage.WriteStateAsync(Names[Array.IndexOf(_slots, slot)], _grainId, state);
        (slot.State, slot.Round) = (state, round);
    }

    /// <summary>Deletes the checkpoints of a partition, whatever is stored.</summary>
    /// <remarks>An empty checkpoint takes their place, also where there was none: its ETag refuses the write of an activation that was
    /// replaced, or that has a write under way, and itself it tells every later activation that there is nothing to write.</remarks>
    /// <param name="storage">Where they are stored.</param>
    /// <param name="grainId">The partition.</param>
    /// <exception cref="InconsistentStateException">One was written meanwhile: to be tried again.</exception>
    public static async Task DeleteAsync(IGrainStorage storage, GrainId grainId)
    {
        foreach (var name in Names)
        {
            var state = new GrainState<CheckpointState>(new CheckpointState());
            await storage.ReadStateAsync(name, grainId, state);
            if (!IsDeleted(state))
            {
                state.State = new CheckpointState();
                await storage.WriteStateAsync(name, grainId, state);
            }
        }
    }

    /// <summary>Clears the slots of a partition whose checkpoints are deleted: nothing is stored of it any more but what the storage
    /// itself keeps to know the versions of records.</summary>
    /// <param name="storage">Where they are stored.</param>
    /// <param name="grainId">The partition.</param>
    /// <exception cref="InconsistentStateException">One was written meanwhile: to be tried again.</exception>
    public static async Task ClearAsync(IGrainStorage storage, GrainId grainId)
    {
        foreach (var name in Names)
        {
            var state = new GrainState<CheckpointState>(new CheckpointState());
            await storage.ReadStateAsync(name, grainId, state);
            if (state.RecordExists)
            {
                await storage.ClearStateAsync(name, grainId, state);
            }
        }
    }

    /// <summary>Whether a slot holds an empty checkpoint, or was cleared after one: the storage keeps its version then, and an activation
    /// that was replaced, of a run that is deleted by now, would know it as soon as it reads it.</summary>
    private static bool IsDeleted(GrainState<CheckpointState> state) =>
        state.RecordExists ? state.State!.IsDeletion : !string.IsNullOrEmpty(state.ETag);

    private string Source(int index) => $"checkpoint {Names[index]} of {_grainId}";

    private sealed class Slot
    {
        public GrainState<CheckpointState> State { get; set; } = new(new CheckpointState());

        public long? Round { get; set; }
    }
}
