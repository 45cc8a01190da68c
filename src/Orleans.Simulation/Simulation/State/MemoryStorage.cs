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
internal sealed class MemoryStorage(string name) : IGrainStorage
{
    private readonly ConcurrentDictionary<(string State, GrainId Grain), Entry> _records = new();
    private long _versions;

    /// <summary>What is kept: the grains, each with the name of a record, in their order.</summary>
    public IEnumerable<(string Grain, string StateName)> Keys => _records.Keys.Select(key => (key.Grain.ToString(), key.State)).Order();

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (_records.TryGetValue((stateName, grainId), out var entry))
        {
            grainState.State = entry.Content.Decode<T>();
            grainState.ETag = entry.Version;
            grainState.RecordExists = true;
        }
        else
        {
            Reset(grainState);
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
        _ = Replace(stateName, grainId, grainState.ETag, null);
        Reset(grainState);
        return Task.CompletedTask;
    }

    /// <summary>Makes what is kept of a state, which no later change of the state reaches.</summary>
    public static Content Encode<T>(T? state) =>
        Immutability.Objection(typeof(T)) is null ? new(state, null) : new(null, JsonSerializer.SerializeToUtf8Bytes(state));

    /// <summary>Makes a record that of a grain without one.</summary>
    public static void Reset<T>(IGrainState<T> grainState)
    {
        grainState.State = PersistentState.Empty<T>();
        grainState.ETag = null;
        grainState.RecordExists = false;
    }

    /// <summary>Writes a record, or deletes it if there is no content.</summary>
    /// <returns>The record's new version.</returns>
    /// <exception cref="InconsistentStateException">The record has another version than was seen.</exception>
    public string? Replace(string stateName, GrainId grainId, string? seen, Content? content)
    {
        var key = (stateName, grainId);
        var entry = content is null
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

    private sealed record Entry(Content Content, string Version);
}
