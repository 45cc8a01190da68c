using Mnist.Grains.Contracts;
using Mnist.Grains.Hosting;
using Mnist.Grains.Telemetry;
using Mnist.Grains.Tests.Grains;
using Mnist.Learning.Specification;

namespace Mnist.Grains.Tests.Telemetry;

public sealed class MetricsTests : IDisposable
{
    private readonly string _storage = Directory.CreateTempSubdirectory("mnist-metrics-").FullName;

    public void Dispose() => Directory.Delete(_storage, recursive: true);

    [Fact]
    public async Task A_run_measures_every_step_image_byte_and_wait()
    {
        using var measured = new Measurements("metrics-run");
        var spec = StandInModel.Spec();

        var progress = await TrainAsync("metrics-run", spec, new StandInModel(), workers: 3);

        Assert.Equal(progress.TotalSteps, measured.Of(TelemetryNames.StepDuration).Count);
        Assert.All(measured.Of(TelemetryNames.StepDuration), step => Assert.InRange(step.Value, 0, 60));
        Assert.Equal(progress.Ledger.Samples, measured.Sum(TelemetryNames.Images));
        Assert.NotEmpty(measured.Of(TelemetryNames.ImageRate));
        Assert.True(measured.Of(TelemetryNames.WaitDuration).Count >= progress.TotalSteps);
        Assert.True(measured.Of(TelemetryNames.ComputeDuration).Count >= progress.TotalSteps);
        Assert.True(measured.Of(TelemetryNames.CheckpointDuration).Count >= progress.Faults.Checkpoints);
        Assert.Equal(progress.Faults.SpeculatedSlices, measured.Sum(TelemetryNames.SpeculatedSlices));
    }

    [Fact]
    public async Task Bytes_are_counted_by_codec_and_direction_and_in_full()
    {
        using var measured = new Measurements("metrics-bytes");
        var spec = StandInModel.Spec();

        var progress = await TrainAsync("metrics-bytes", spec, new StandInModel(), workers: 1);

        var bytes = measured.Of(TelemetryNames.FrameBytes);
        Assert.All(bytes, frame => Assert.Equal("fp32", frame.Tags[TelemetryNames.Codec]));
        Assert.All(bytes, frame => Assert.Equal("accepted", frame.Tags[TelemetryNames.Outcome]));
        AssertAtLeast(progress.TotalSteps * StandInModel.Layout.ContributionLength, bytes, "receive");
        AssertAtLeast(progress.TotalSteps * StandInModel.Layout.StateLength, bytes, "transmit");
        Assert.All(measured.Of(TelemetryNames.Staleness), lag => Assert.Equal(0, lag.Value));
    }

    [Fact]
    public async Task Leases_that_move_are_counted_as_the_run_counts_them()
    {
        using var measured = new Measurements("metrics-leases");

        var progress = await TrainAsync("metrics-leases", StandInModel.Spec(), new StandInModel(), workers: 2, new NoRoomForTheSecond());

        Assert.True(progress.Faults.LeaseMoves > 0);
        Assert.Equal(progress.Faults.LeaseMoves, measured.Sum(TelemetryNames.LeaseMoves));
    }

    [Fact]
    public async Task A_server_that_begins_again_is_counted_as_a_recovery()
    {
        using var measured = new Measurements("metrics-recovery");
        var model = new StandInModel { BeforeContribution = (_, _, token) => token.WaitHandle.WaitOne(1) };
        await using var silo = await TestSilo.StartAsync(_storage, model);
        var spec = StandInModel.Spec(epochs: 4);
        var run = await silo.StartRunAsync("metrics-recovery", spec, workers: 2);
        await TestSilo.WaitForAsync(run, "the first epoch", progress => progress.Epochs.Length >= 1);
        await run.PauseAsync();
        Assert.Empty(measured.Of(TelemetryNames.Recoveries));

        await silo.StartRunAsync("metrics-recovery", spec, workers: 2);
        var progress = await TestSilo.CompletedAsync(run);

        Assert.Equal(progress.Faults.Recoveries, measured.Sum(TelemetryNames.Recoveries));
        Assert.True(progress.Faults.Recoveries > 0);
    }

    private async Task<RunProgress> TrainAsync(
        string runId, RunSpec spec, StandInModel model, int workers, IWorkerRoom? room = null)
    {
        await using var silo = await TestSilo.StartAsync(_storage, model, room);
        var run = await silo.StartRunAsync(runId, spec, workers);
        var progress = await TestSilo.CompletedAsync(run);
        Assert.Equal(RunStatus.Completed, progress.Status);
        return progress;
    }

    private static void AssertAtLeast(long floats, IEnumerable<Measurements.Measurement> frames, string direction)
    {
        var bytes = frames.Where(frame => Equals(frame.Tags[TelemetryNames.Direction], direction)).Sum(frame => frame.Value);
        Assert.True(bytes > floats * sizeof(float), $"{bytes} bytes in the direction {direction}, expected those of {floats} numbers");
    }

    private sealed class NoRoomForTheSecond : IWorkerRoom
    {
        public bool TryEnter(string worker) => !worker.EndsWith("/1", StringComparison.Ordinal);

        public void Leave(string worker)
        {
        }
    }
}
