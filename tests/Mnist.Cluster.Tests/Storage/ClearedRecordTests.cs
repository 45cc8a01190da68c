using Microsoft.Extensions.DependencyInjection;
using Mnist.Cluster.Tests.Processes;
using Mnist.Clustering;
using Mnist.Coordinator.Tests.Support;
using Mnist.Grains.Grains;
using Mnist.Learning.Data;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace Mnist.Cluster.Tests.Storage;

/// <summary>What the deletion of runs relies on in the storage of real clusters (docs/decisions/0003-checkpoints.md).</summary>
public sealed class ClearedRecordTests : IDisposable
{
    private const string Slot = "checkpoint-a";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_record_that_was_cleared_in_Redis_keeps_its_version_and_refuses_who_never_saw_it()
    {
        RedisProcess.SkipUnlessThere();
        var port = Programs.FreePort();
        await using var redis = await RedisProcess.StartAsync(_folder.Path, port);
        await ExpectVersionToStayAsync(ClusterProviders.Redis, $"127.0.0.1:{port}");
    }

    [Fact]
    public async Task A_record_that_was_cleared_in_PostgreSQL_keeps_its_version_and_refuses_who_never_saw_it()
    {
        var scripts = PostgresProcess.FindScriptsOrSkip();
        var port = Programs.FreePort();
        await using var postgres = await PostgresProcess.CreateAsync(_folder.At("postgres"), port, scripts);
        await ExpectVersionToStayAsync(ClusterProviders.AdoNet, PostgresProcess.Connection(port));
    }

    private static async Task ExpectVersionToStayAsync(string provider, string connection)
    {
        using var silo = await InProcessSilo.StartAsync(
            new Dataset("none", new ImageSet(default, default), new ImageSet(default, default), ""),
            ("Orleans:Clustering:ProviderType", provider),
            ("Orleans:Clustering:ConnectionString", connection));
        var storage = silo.Services.GetRequiredKeyedService<IGrainStorage>(StorageNames.Checkpoints);
        var grain = GrainId.Create("parameterserver", "run/0");
        var (state, late, read) = (Empty(), Empty(), Empty());
        await storage.WriteStateAsync(Slot, grain, state);

        await storage.ClearStateAsync(Slot, grain, state);
        await storage.ReadStateAsync(Slot, grain, read);

        Assert.False(read.RecordExists);
        Assert.False(string.IsNullOrEmpty(read.ETag));
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync(Slot, grain, late));
        await silo.StopAsync(TestContext.Current.CancellationToken);
    }

    private static GrainState<CheckpointState> Empty() => new(new CheckpointState());
}
