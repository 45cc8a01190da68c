using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Simulation;

/// <summary>
/// Keeps records in memory. What may cross grains by reference is kept as it is; everything else as JSON, so that a grain that
/// changes its state without writing it changes no record.
/// </summary>
/// <param name="name">The name of the storage, for messages.</param>
/// <param name="keepsVersions">Whether the version of a record that is cleared stays, as with Orleans' storages in databases: somebody
/// who has never seen the record cannot write it then.</param>
internal sealed class MemoryStorage(string name, bool keepsVersions = false) : IGrainStorage
{
    private readonly ConcurrentDictionary<(string State, GrainId Grain), Entry> _records = new();
    private long _versions;

    /// <summary>What is kept: the grains, each with the name of a record, in their order.</summary>
    public IEnumerable<(string Grain, string StateName)> Keys => _records
        .Where(record => record.Value.Content is not null)
        .Select(record => (record.Key.Grain.ToString(), record.Key.State))
        .Order();

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        _ = _records.TryGetValue((stateName, grainId), out var entry);
        if (entry?.Content is { } content)
        {
            grainState.State = content.Decode<T>();
            grainState.ETag = entry.Version;
            grainState.RecordExists = true;
        }
        else
        {
            Reset(grainState, entry?.Version);
        }

        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        grainState.ETag = Replace(stateName, grainId, grainState.ETag, Encode(grainState.State));
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        Reset(grainState, Replace(stateName, grainId, grainState.ETag, null));
        return Task.CompletedTask;
    }

    /// <summary>Makes what is kept of a state, which no later change of the state reaches.</summary>
    public static Content Encode<T>(T? state) =>
        Immutability.Objection(typeof(T)) is null ? new(state, null) : new(null, JsonSerializer.SerializeToUtf8Bytes(state));

    /// <summary>Makes a record that of a grain without one.</summary>
    /// <param name="grainState">The record.</param>
    /// <param name="version">The version that stayed, if one did.</param>
    public static void Reset<T>(IGrainState<T> grainState, string? version)
    {
        grainState.State = PersistentState.Empty<T>();
        grainState.ETag = version;
        grainState.RecordExists = false;
    }

    /// <summary>Writes a record, or deletes it if there is no content.</summary>
    /// <returns>The record's new version; null where none is left.</returns>
    /// <exception cref="InconsistentStateException">The record has another version than was seen.</exception>
    public string? Replace(string stateName, GrainId grainId, string? seen, Content? content)
    {
        var key = (stateName, grainId);
        var entry = content is null && !keepsVersions
            ? null
            : new Entry(content, Interlocked.Increment(ref _versions).ToString(CultureInfo.InvariantCulture));
        bool exists = _records.TryGetValue(key, out var stored);
        bool done = stored?.Version == seen && (stored, entry) switch
        {
            (null, null) => true,
            (null, _) => _records.TryAdd(key, entry),
            (_, null) => _records.TryRemove(KeyValuePair.Create(key, stored)),
            _ => _records.TryUpdate(key, entry, stored),
        };
        if (!done)
        {
            throw new InconsistentStateException(
                $"Version conflict in storage \"{name}\", record \"{stateName}\" of {grainId}.",
                exists ? stored!.Version : null,
                seen);
        }

        return entry?.Version;
    }

    /// <summary>A state as it is kept: the object itself, or JSON.</summary>
    public sealed record Content(object? Value, byte[]? Bytes)
    {
        /// <summary>Makes a state of it that no other reader shares.</summary>
        public T? Decode<T>() => Bytes is null ? (T?)Value : JsonSerializer.Deserialize<T>(Bytes);
    }

    /// <summary>A record; without content, one that was cleared.</summary>
    private sealed record Entry(Content? Content, string Version);
}
