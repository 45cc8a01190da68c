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

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (_records.TryGetValue((stateName, grainId), out var entry))
        {
            grainState.State = entry.Bytes is null ? (T?)entry.Value : JsonSerializer.Deserialize<T>(entry.Bytes);
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
        string version = Interlocked.Increment(ref _versions).ToString(CultureInfo.InvariantCulture);
        var entry = Immutability.Objection(typeof(T)) is null
            ? new Entry(grainState.State, null, version)
            : new Entry(null, JsonSerializer.SerializeToUtf8Bytes(grainState.State), version);
        Replace(stateName, grainId, grainState.ETag, entry);
        grainState.ETag = version;
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        Replace(stateName, grainId, grainState.ETag, null);
        Reset(grainState);
        return Task.CompletedTask;
    }

    private static void Reset<T>(IGrainState<T> grainState)
    {
        grainState.State = PersistentState.Empty<T>();
        grainState.ETag = null;
        grainState.RecordExists = false;
    }

    private void Replace(string stateName, GrainId grainId, string? seen, Entry? entry)
    {
        var key = (stateName, grainId);
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
    }

    private sealed record Entry(object? Value, byte[]? Bytes, string Version);
}
