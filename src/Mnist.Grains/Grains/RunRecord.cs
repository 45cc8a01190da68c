using Orleans.Runtime;

namespace Mnist.Grains.Grains;

/// <summary>
/// The state of a run as storage is known to hold it. Nobody sees a change before it is stored: a run that counts as completed has
/// been recorded as such. Changes are written one after the other, since writes that overlap would conflict with each other.
/// </summary>
/// <param name="state">Where the state is stored; loaded already.</param>
internal sealed class RunRecord(IPersistentState<RunState> state)
{
    private readonly TaskChain _changes = new();

    /// <summary>What is stored.</summary>
    public RunState Stored { get; private set; } = state.State;

    /// <summary>Whether the run was deleted, where the storage keeps the versions of records that are cleared.</summary>
    public bool IsDeleted => !state.RecordExists && !string.IsNullOrEmpty(state.Etag);

    /// <summary>Stores a change of the state.</summary>
    /// <param name="change">The new state, given the one that is stored by then; the same object for no change.</param>
    public Task ChangeAsync(Func<RunState, RunState> change) => _changes.RunAsync(() => WriteAsync(change));

    /// <summary>Reads what is stored, which another activation may have changed.</summary>
    public Task ReloadAsync() => _changes.RunAsync(ReadAsync);

    /// <summary>Deletes what is stored, if anything is.</summary>
    public Task ClearAsync() => _changes.RunAsync(DeleteAsync);

    private async Task ReadAsync()
    {
        await state.ReadStateAsync();
        Stored = state.State;
    }

    private async Task DeleteAsync()
    {
        if (state.RecordExists)
        {
            await state.ClearStateAsync();
            Stored = state.State;
        }
    }

    private async Task WriteAsync(Func<RunState, RunState> change)
    {
        var changed = change(Stored);
        if (ReferenceEquals(changed, Stored))
        {
            return;
        }

        state.State = changed;
        try
        {
            await state.WriteStateAsync();
            Stored = changed;
        }
        finally
        {
            state.State = Stored;
        }
    }
}
