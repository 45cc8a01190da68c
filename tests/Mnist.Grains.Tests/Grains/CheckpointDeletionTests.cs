using Mnist.Grains.Contracts;

namespace Mnist.Grains.Tests.Grains;

public sealed class CheckpointDeletionTests : IDisposable
{
    /// <summary>A file of a state that is empty: magic, version, length and checksum.</summary>
    private const int EmptyLength = 28;

    private readonly string _storage = Directory.CreateTempSubdirectory("mnist-grains-").FullName;

    public void Dispose() => Directory.Delete(_storage, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_completed_run_has_no_checkpoints_and_keeps_what_it_came_to(int partitions)
    {
        var spec = StandInModel.Spec();
        await using (var first = await TestSilo.StartAsync(_storage, new StandInModel()))
        {
            var run = await first.StartRunAsync("run", spec, workers: 2, partitions);
            await TestSilo.CompletedAsync(run);

            await run.DeleteCheckpointsAsync();

            Assert.Equal(2 * partitions, Checkpoints.Length);
            Assert.All(Checkpoints, file => Assert.Equal(EmptyLength, file.Length));
        }

        await using var second = await TestSilo.StartAsync(_storage, new StandInModel());
        var known = await second.StartRunAsync("run", spec, workers: 2, partitions);
        Assert.Equal(RunStatus.Completed, (await known.GetProgressAsync()).Status);
        Assert.Equal(ReferenceRun.FinalState(spec), (await known.GetModelAsync()).State);
        Assert.Equal(spec.Epochs, (await known.GetEvaluationAsync()).Epoch);
    }

    [Fact]
    public async Task A_checkpoint_that_a_silo_left_as_it_died_is_deleted_when_somebody_asks_for_the_run_again()
    {
        var spec = StandInModel.Spec(epochs: 4);
        var model = new StandInModel { BeforeContribution = (_, _, token) => token.WaitHandle.WaitOne(1) };
        Dictionary<string, byte[]> left;
        await using (var first = await TestSilo.StartAsync(_storage, model))
        {
            var run = await first.StartRunAsync("run", spec, workers: 2);
            await TestSilo.WaitForAsync(run, "some checkpoints", progress => progress.Faults.Checkpoints >= 3);
            left = Checkpoints.ToDictionary(file => file.FullName, file => File.ReadAllBytes(file.FullName));
            await TestSilo.CompletedAsync(run);
            await run.DeleteCheckpointsAsync();
        }

        foreach (var (path, content) in left)
        {
            await File.WriteAllBytesAsync(path, content, TestContext.Current.CancellationToken);
        }

        Assert.Contains(Checkpoints, file => file.Length > EmptyLength);
        await using var second = await TestSilo.StartAsync(_storage, model);
        await second.Grains.GetGrain<ITrainingRunGrain>("run").DeleteCheckpointsAsync();

        Assert.All(Checkpoints, file => Assert.Equal(EmptyLength, file.Length));
    }

    [Fact]
    public async Task A_run_that_is_paused_keeps_its_checkpoints_until_it_is_cancelled()
    {
        var model = new StandInModel { BeforeContribution = (_, _, token) => token.WaitHandle.WaitOne(1) };
        await using var silo = await TestSilo.StartAsync(_storage, model);
        var run = await silo.StartRunAsync("run", StandInModel.Spec(epochs: 4), workers: 2);
        await TestSilo.WaitForAsync(run, "the first step", progress => progress.Step >= 1);
        await run.PauseAsync();

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(run.DeleteCheckpointsAsync);

        Assert.Equal("run run: is Paused, and keeps its checkpoints", refusal.Message);
        Assert.Contains(Checkpoints, file => file.Length > EmptyLength);
        await run.CancelAsync();
        Assert.All(Checkpoints, file => Assert.Equal(EmptyLength, file.Length));
    }

    private FileInfo[] Checkpoints =>
        new DirectoryInfo(_storage).GetFiles("checkpoint-*.state", SearchOption.AllDirectories);
}
