using System.Runtime.InteropServices;
using Mnist.Grains.Compute;
using Mnist.Learning.Models;
using Mnist.Learning.Specification;

namespace Mnist.Simulator.Planning;

/// <summary>Measures on this machine what the parts of a step cost.</summary>
internal sealed class Calibrator : IAsyncDisposable
{
    private const int Epochs = 4;

    private readonly TimeSpan _duration;
    private readonly RunSpec _spec;
    private readonly RunSpec _measured;
    private readonly TrainingMeter _meter;
    private readonly SliceTimer _slices;
    private readonly List<Stretch> _alone = [];
    private readonly List<Stretch> _busy = [];
    private readonly List<Stretch> _gaps = [];
    private readonly List<Pass> _passes = [];

    private Calibrator(TimeSpan duration, RunSpec spec, RunSpec measured, TrainingMeter meter, SliceTimer slices) =>
        (_duration, _spec, _measured, _meter, _slices) = (duration, spec, measured, meter, slices);

    /// <summary>How long each measurement takes, unless somebody is in a hurry.</summary>
    public static TimeSpan UsualDuration { get; } = TimeSpan.FromSeconds(1);

    /// <summary>Prepares measuring, and warms up.</summary>
    /// <param name="spec">What is to be planned.</param>
    /// <param name="duration">How long each measurement takes; runs take twice as long.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<Calibrator> StartAsync(RunSpec spec, TimeSpan duration, CancellationToken cancellationToken)
    {
        // Epochs are to last for a while, however large the network.
        var few = SyntheticData.Specify(spec, 2, 2);
        var (probe, _) = new SliceTimer(few, new TrainingModel(SyntheticData.Create(few))).Measure(1, duration);
        var step = TimeSpan.FromMicroseconds(probe.Mean) * spec.Slices;
        var measured = SyntheticData.Specify(spec, Math.Max(4, (int)(duration / 2 / step)), Epochs);
        var model = new TrainingModel(SyntheticData.Create(measured));
        var meter = await TrainingMeter.StartAsync(model, cancellationToken);
        await meter.RunAsync(measured, cancellationToken);
        return new Calibrator(duration, spec, measured, meter, new SliceTimer(measured, model));
    }

    /// <summary>Measures everything once.</summary>
    public async Task MeasureAsync(CancellationToken cancellationToken)
    {
        var (alone, load) = _slices.Measure(1, _duration);
        var gaps = await _meter.RunAsync(_measured, cancellationToken);
        var (busy, _) = _slices.Measure(Environment.ProcessorCount, _duration);
        var server = new ServerTimer(_spec).Measure(await _meter.MeasureCallAsync());
        _alone.Add(alone);
        _busy.Add(busy);
        _gaps.Add(gaps);
        _passes.Add(new Pass(load, _slices.MeasureCombining(), server));
    }

    /// <summary>The medians of what was measured.</summary>
    public Calibration Result()
    {
        var server = new ServerCosts
        {
            Call = Median(pass => pass.Server.Call),
            Frame = new LinearCost(Median(pass => pass.Server.Frame.Fixed), Median(pass => pass.Server.Frame.PerElement)),
            Step = new LinearCost(Median(pass => pass.Server.Step.Fixed), Median(pass => pass.Server.Step.PerElement)),
            StepPerSlice = Median(pass => pass.Server.StepPerSlice),
        };
        var combine = Median(pass => pass.Combine);

        // A single worker sends one frame a step, and the gap in its computing has everything in it that is not computing.
        var elements = Networks.Create(_spec.Network).Layout.ContributionLength;
        var known = server.Call + server.Frame.Of(elements) + server.Step.Of(elements) + (server.StepPerSlice * _spec.Slices)
            + (combine * (_spec.Slices - 1));
        return new Calibration
        {
            Recipe = _spec.Recipe,
            ImagesPerSlice = _spec.GlobalBatch / _spec.Slices,
            MeasuredAt = DateTimeOffset.UtcNow,
            Machine = $"{Environment.ProcessorCount} cores, {RuntimeInformation.ProcessArchitecture}, {RuntimeInformation.OSDescription}",
            Cores = Environment.ProcessorCount,
            AloneSlice = Spread.Of(Stretch.Median(_alone).Microseconds),
            BusySlice = Spread.Of(Stretch.Median(_busy).Microseconds),
            LoadMicroseconds = Median(pass => pass.Load),
            CombineMicroseconds = combine,
            WorkerOverhead = Spread.Of(Stretch.Median(_gaps).Microseconds).Select(gap => Math.Max(0, gap - known)),
            Server = server,
        };
    }

    public ValueTask DisposeAsync() => _meter.DisposeAsync();

    private double Median(Func<Pass, double> value) => Medians.Of(_passes.Select(value));

    private sealed record Pass(double Load, double Combine, ServerCosts Server);
}
