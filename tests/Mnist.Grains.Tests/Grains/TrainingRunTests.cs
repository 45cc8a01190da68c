using Mnist.Grains.Contracts;
using Mnist.Learning.Specification;

namespace Mnist.Grains.Tests.Grains;

public sealed class TrainingRunTests : IDisposable
{
    private readonly string _storage = Directory.CreateTempSubdirectory("mnist-grains-").FullName;

    public void Dispose() => Directory.Delete(_storage, recursive: true);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(8, 1)]
    [InlineData(11, 1)]
    [InlineData(1, 2)]
    [InlineData(3, 4)]
    public async Task Any_number_of_workers_and_partitions_ends_with_the_reference_weights(int workers, int partitions)
    {
        var spec = StandInModel.Spec();
        await using var silo = await TestSilo.StartAsync(_storage, new StandInModel());
        var run = await silo.StartRunAsync("run", spec, workers, partitions);

        var progress = await TestSilo.CompletedAsync(run);

        AssertCompleted(progress, spec);
        Assert.Equal(ReferenceRun.FinalState(spec), (await run.GetModelAsync()).State);
    }

    [Fact]
    public async Task A_run_that_is_paused_and_continued_in_another_process_ends_with_the_reference_weights()
    {
        var spec = StandInModel.Spec(epochs: 4);
        var model = new StandInModel { BeforeContribution = (_, _, token) => token.WaitHandle.WaitOne(1) };
        await using (var first = await TestSilo.StartAsync(_storage, model))
        {
            var run = await first.StartRunAsync("run", spec, workers: 2);
            await TestSilo.WaitForAsync(run, "the first epoch", progress => progress.Epochs.Length >= 1);
            await run.PauseAsync();
            Assert.Equal(RunStatus.Paused, (await run.GetProgressAsync()).Status);
        }

        await using var second = await TestSilo.StartAsync(_storage, new StandInModel());
        var continued = await second.StartRunAsync("run", spec, workers: 3);
        AssertCompleted(await TestSilo.CompletedAsync(continued), spec);
        Assert.Equal(ReferenceRun.FinalState(spec), (await continued.GetModelAsync()).State);
    }

    [Fact]
    public async Task A_run_tells_where_the_time_went_that_is_not_computing()
    {
        await using var silo = await TestSilo.StartAsync(_storage, new StandInModel());
        var run = await silo.StartRunAsync("run", StandInModel.Spec(), workers: 2);

        var progress = await TestSilo.CompletedAsync(run);

        Assert.InRange(progress.Times.ServerSeconds, double.Epsilon, progress.TrainSeconds);
        Assert.InRange(progress.Times.WaitSeconds, double.Epsilon, progress.TrainSeconds);
    }

    [Fact]
    public async Task A_run_names_every_engine_that_its_gradients_were_computed_with()
    {
        var spec = StandInModel.Spec(epochs: 4);
        var model = new StandInModel { Engine = "torch (cuda)", BeforeContribution = (_, _, token) => token.WaitHandle.WaitOne(1) };
        await using (var first = await TestSilo.StartAsync(_storage, model))
        {
            var run = await first.StartRunAsync("run", spec, workers: 2);
            await TestSilo.WaitForAsync(run, "the first step", progress => progress.Step >= 1);
            await run.PauseAsync();
            Assert.Equal(["torch (cuda)"], (await run.GetProgressAsync()).Engines);
        }

        await using var second = await TestSilo.StartAsync(_storage, new StandInModel { Engine = "simd" });
        var continued = await second.StartRunAsync("run", spec, workers: 2);

        Assert.Equal(["simd", "torch (cuda)"], (await TestSilo.CompletedAsync(continued)).Engines);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_crash_loses_no_more_than_what_came_after_the_last_checkpoint(int partitions)
    {
        // Copying the storage while training is what a crash leaves behind: whole files of different ages.
        var spec = StandInModel.Spec(epochs: 3);
        var model = new StandInModel { BeforeContribution = (_, _, token) => token.WaitHandle.WaitOne(1) };
        var copy = Path.Combine(_storage, "copy");
        await using (var first = await TestSilo.StartAsync(Path.Combine(_storage, "original"), model))
        {
            var run = await first.StartRunAsync("run", spec, workers: 2, partitions);
            await TestSilo.WaitForAsync(run, "some checkpoints", progress => progress.Faults.Checkpoints >= 3);
            CopyDirectory(Path.Combine(_storage, "original"), copy);
            await run.CancelAsync();
        }

        await using var second = await TestSilo.StartAsync(copy, new StandInModel());
        var continued = await second.StartRunAsync("run", spec, workers: 2, partitions);
        AssertCompleted(await TestSilo.CompletedAsync(continued), spec);
        Assert.Equal(ReferenceRun.FinalState(spec), (await continued.GetModelAsync()).State);
    }

    [Fact]
    public async Task A_worker_that_hangs_does_not_hold_up_the_others()
    {
        var spec = StandInModel.Spec();
        var hung = 0;
        var model = new StandInModel
        {
            BeforeContribution = (step, slice, token) =>
            {
                // The first to compute slice 7 of step 5 never comes back from it.
                if (step == 5 && slice == 7 && Interlocked.Exchange(ref hung, 1) == 0)
                {
                    token.WaitHandle.WaitOne();
                    token.ThrowIfCancellationRequested();
                }
            },
        };
        await using var silo = await TestSilo.StartAsync(_storage, model);
        var run = await silo.StartRunAsync("run", spec, workers: 3);

        var progress = await TestSilo.CompletedAsync(run);

        Assert.Equal(1, hung);
        Assert.True(progress.Faults.SpeculatedSlices >= 1);
        AssertCompleted(progress, spec);
        Assert.Equal(ReferenceRun.FinalState(spec), (await run.GetModelAsync()).State);
        await run.CancelAsync();
    }

    [Fact]
    public async Task A_worker_that_fails_is_set_to_work_again()
    {
        var spec = StandInModel.Spec();
        var failures = 0;
        var model = new StandInModel
        {
            BeforeContribution = (step, _, _) =>
            {
                if (step % 10 == 3 && Interlocked.Increment(ref failures) <= 3)
                {
                    throw new InvalidOperationException("planted");
                }
            },
        };
        await using var silo = await TestSilo.StartAsync(_storage, model);
        var run = await silo.StartRunAsync("run", spec, workers: 2);

        AssertCompleted(await TestSilo.CompletedAsync(run), spec);
        Assert.Equal(ReferenceRun.FinalState(spec), (await run.GetModelAsync()).State);
    }

    [Fact]
    public async Task A_run_cannot_be_started_again_with_another_specification()
    {
        await using var silo = await TestSilo.StartAsync(_storage, new StandInModel());
        await silo.StartRunAsync("run", StandInModel.Spec(seed: 1), workers: 1);

        var exception = await Assert.ThrowsAsync<RunRejectedException>(
            () => silo.StartRunAsync("run", StandInModel.Spec(seed: 2), workers: 1));

        Assert.Contains("another specification", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_without_workers_is_rejected()
    {
        await using var silo = await TestSilo.StartAsync(_storage, new StandInModel());

        var exception = await Assert.ThrowsAsync<RunRejectedException>(
            () => silo.StartRunAsync("run", StandInModel.Spec(), workers: 0));

        Assert.Equal("workers is 0, expected 1 to 10000", exception.Message);
    }

    [Fact]
    public async Task A_run_stops_at_its_target_accuracy()
    {
        var spec = StandInModel.Spec(epochs: 5) with { TargetAccuracy = 0.0001 };
        await using var silo = await TestSilo.StartAsync(_storage, new StandInModel());
        var run = await silo.StartRunAsync("run", spec, workers: 2, partitions: 2);

        var progress = await TestSilo.CompletedAsync(run);

        Assert.Single(progress.Epochs);
        Assert.Equal(spec.TrainingSamples, progress.Ledger.Samples);
    }

    private static void AssertCompleted(RunProgress progress, RunSpec spec)
    {
        Assert.Equal(("", RunStatus.Completed), (progress.Error, progress.Status));
        Assert.Equal(progress.TotalSteps, progress.Step);
        Assert.Equal(Enumerable.Range(1, spec.Epochs), progress.Epochs.Select(epoch => epoch.Epoch));
        Assert.Equal((long)spec.TrainingSamples * spec.Epochs, progress.Ledger.Samples);
        Assert.Equal((0, 0), (progress.Ledger.Duplicates, progress.Ledger.Missing));
    }

    private static void CopyDirectory(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*.state", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
