using Mnist.Grains.Storage;
using Mnist.Learning.Files;
using Mnist.Learning.Tests.Files;
using Orleans;
using Orleans.Runtime;

namespace Mnist.Grains.Tests.Storage;

/// <summary>A state that is stored as JSON.</summary>
public sealed class JsonState
{
    public string Name { get; set; } = "new";

    public long Number { get; set; }
}

/// <summary>A state that is stored as its bytes.</summary>
public sealed class BinaryState : IBinaryState
{
    public ReadOnlyMemory<byte> Content { get; set; }
}

/// <summary>A folder of states for one test.</summary>
internal sealed class StateFolder : IDisposable
{
    public static readonly GrainId Grain = GrainId.Create("run", "r1");

    private readonly TemporaryFolder _folder = new();

    public StateFolder() => Storage = new FileGrainStorage(_folder.Path);

    public FileGrainStorage Storage { get; }

    public string Path => _folder.Path;

    /// <summary>Where the state "state" of <see cref="Grain"/> is.</summary>
    public string StatePath => System.IO.Path.Combine(_folder.Path, "run", "r1", "state.state");

    /// <summary>Files of the grain, but for the lock.</summary>
    public string[] Files() =>
        [.. Directory.GetFiles(System.IO.Path.GetDirectoryName(StatePath)!)
            .Select(file => System.IO.Path.GetFileName(file)!)
            .Where(name => name != "state.state.lock")];

    /// <summary>A second storage over the same files, as in another process.</summary>
    public FileGrainStorage Another(IFileSystem? fileSystem = null) => new(_folder.Path, fileSystem);

    public async Task<GrainState<JsonState>> ReadAsync()
    {
        var state = new GrainState<JsonState>();
        await Storage.ReadStateAsync("state", Grain, state);
        return state;
    }

    public Task WriteAsync(GrainState<JsonState> state, string name)
    {
        state.State = new JsonState { Name = name };
        return Storage.WriteStateAsync("state", Grain, state);
    }

    public async Task<GrainState<JsonState>> WriteFirstAsync(string name)
    {
        var state = new GrainState<JsonState>();
        await WriteAsync(state, name);
        return state;
    }

    public void Dispose() => _folder.Dispose();
}
