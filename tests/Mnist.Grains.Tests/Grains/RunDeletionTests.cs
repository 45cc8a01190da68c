using System.Buffers.Binary;
using Mnist.Grains.Contracts;

namespace Mnist.Grains.Tests.Grains;

public sealed class RunDeletionTests : IDisposable
{
    private readonly string _storage = Directory.CreateTempSubdirectory("mnist-grains-").FullName;

    public void Dispose() => Directory.Delete(_storage, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_run_that_is_deleted_leaves_nothing_and_other_runs_keep_what_is_theirs(int partitions)
    {
        var spec = StandInModel.Spec();
        await using (var first = await TestSilo.StartAsync(_storage, new StandInModel()))
        {
            var deleted = await first.StartRunAsync("deleted", spec, workers: 2, partitions);
            var kept = await first.StartRunAsync("kept", spec, workers: 2, partitions);
            foreach (var run in (ITrainingRunGrain[])[deleted, kept])
            {
                await TestSilo.CompletedAsync(run);
                await run.DeleteCheckpointsAsync();
            }

            var before = Files("kept").ToDictionary(file => file, File.ReadAllBytes);
            await deleted.DeleteAsync();
            await deleted.DeleteAsync();

            Assert.Equal(RunStatus.Unknown, (await deleted.GetProgressAsync()).Status);
            var refusal = await Assert.ThrowsAsync<RunRejectedException>(deleted.GetModelAsync);
            Assert.Equal("run deleted: is unknown", refusal.Message);
            Assert.Equal(1 + (2 * partitions), Files("deleted").Length);
            Assert.All(Files("deleted"), AssertCleared);
            Assert.Equal(before, Files("kept").ToDictionary(file => file, File.ReadAllBytes));
            Assert.Equal(ReferenceRun.FinalState(spec), (await kept.GetModelAsync()).State);
        }

        await using var second = await TestSilo.StartAsync(_storage, new StandInModel());
        Assert.Equal(RunStatus.Unknown, (await second.Grains.GetGrain<ITrainingRunGrain>("deleted").GetProgressAsync()).Status);
    }

    [Fact]
    public async Task The_name_of_a_run_that_is_deleted_is_not_used_again()
    {
        await using (var first = await TestSilo.StartAsync(_storage, new StandInModel()))
        {
            var run = await first.StartRunAsync("run", StandInModel.Spec(seed: 1), workers: 2, partitions: 2);
            await TestSilo.CompletedAsync(run);
            await run.DeleteAsync();
            await AssertRefusedAsync(first);
        }

        await using var second = await TestSilo.StartAsync(_storage, new StandInModel());
        await AssertRefusedAsync(second);

        static async Task AssertRefusedAsync(TestSilo silo)
        {
            var refusal = await Assert.ThrowsAsync<RunRejectedException>(
                () => silo.StartRunAsync("run", StandInModel.Spec(seed: 2), workers: 3, partitions: 1));
            Assert.Equal("run run: was deleted and cannot be started again", refusal.Message);
        }
    }

    [Fact]
    public async Task A_run_that_can_go_on_is_refused_until_it_is_cancelled()
    {
        var model = new StandInModel { BeforeContribution = (_, _, token) => token.WaitHandle.WaitOne(1) };
        await using var silo = await TestSilo.StartAsync(_storage, model);
        var run = await silo.StartRunAsync("run", StandInModel.Spec(epochs: 20), workers: 2);
        await TestSilo.WaitForAsync(run, "the first step", progress => progress.Step >= 1);

        var running = await Assert.ThrowsAsync<RunRejectedException>(run.DeleteAsync);
        await run.PauseAsync();
        var paused = await Assert.ThrowsAsync<RunRejectedException>(run.DeleteAsync);

        Assert.Equal("run run: is running and cannot be deleted; cancel it first", running.Message);
        Assert.Equal("run run: is paused and cannot be deleted; cancel it first", paused.Message);
        Assert.Equal(RunStatus.Paused, (await run.GetProgressAsync()).Status);
        await run.CancelAsync();
        await run.DeleteAsync();
        Assert.All(Files("run"), AssertCleared);
    }

    [Fact]
    public async Task A_run_that_failed_is_deleted_with_its_checkpoints()
    {
        var model = new StandInModel { BeforeContribution = (_, _, token) => token.WaitHandle.WaitOne(1) };
        await using var silo = await TestSilo.StartAsync(_storage, model);
        var run = await silo.StartRunAsync("run", StandInModel.Spec(epochs: 20), workers: 2);
        await TestSilo.WaitForAsync(run, "some checkpoints", progress => progress.Faults.Checkpoints >= 3);
        await run.FailAsync("planted");
        Assert.Equal(RunStatus.Failed, (await run.GetProgressAsync()).Status);

        await run.DeleteAsync();

        Assert.Equal(3, Files("run").Length);
        Assert.All(Files("run"), AssertCleared);
    }

    private static void AssertCleared(string file) =>
        Assert.Equal(-1, BinaryPrimitives.ReadInt64LittleEndian(File.ReadAllBytes(file).AsSpan(16)));

    /// <summary>The states of a run: its own, and the checkpoints of its partitions.</summary>
    private string[] Files(string runId) => [.. Directory.GetFiles(_storage, "*.state", SearchOption.AllDirectories)
        .Where(file => Path.GetRelativePath(_storage, file).Split(Path.DirectorySeparatorChar)[1].Split('%')[0] == runId).Order()];
}
