using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using Mnist.Coordinator.Output;
using Mnist.Learning.Data;
using Mnist.Learning.Specification;

namespace Mnist.Benchmarks.Load;

/// <summary>How much load, and for how long.</summary>
/// <param name="Readers">Readers of the event stream.</param>
/// <param name="PredictionsPerSecond">Predictions asked for each second.</param>
/// <param name="Turns">How often training is measured alone and under load, by turns.</param>
/// <param name="TurnSeconds">Length of a measurement.</param>
/// <param name="SoakSeconds">How long memory is watched under load afterwards.</param>
internal sealed record LoadOptions(int Readers, int PredictionsPerSecond, int Turns, double TurnSeconds, double SoakSeconds);

/// <summary>Speed of training in a turn.</summary>
/// <param name="Turn">The turn, from 1.</param>
/// <param name="Alone">Steps a second without anybody else.</param>
/// <param name="Loaded">Steps a second under load.</param>
/// <param name="PredictionsPerSecond">Predictions that were answered each second.</param>
/// <param name="Failures">Requests that were not answered as they should have been.</param>
internal sealed record TurnEvent(int Turn, double Alone, double Loaded, double PredictionsPerSecond, long Failures) : OutputEvent("turn");

/// <summary>Memory of the coordinator under load.</summary>
/// <param name="Seconds">Since the load began.</param>
/// <param name="ResidentMegabytes">In memory.</param>
/// <param name="ManagedMegabytes">On the managed heap after its last collection.</param>
/// <param name="PredictionsPerSecond">Predictions that were answered each second so far.</param>
/// <param name="Failures">Requests that were not answered as they should have been.</param>
internal sealed record MemoryEvent(
    double Seconds, double ResidentMegabytes, double ManagedMegabytes, double PredictionsPerSecond, long Failures) : OutputEvent("memory");

/// <summary>Generated writers of the events.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TurnEvent))]
[JsonSerializable(typeof(MemoryEvent))]
internal sealed partial class LoadJsonContext : JsonSerializerContext;

/// <summary>A coordinator that trains while many watch and ask: how fast it stays, and what it holds.</summary>
internal sealed class LoadTest(LoadOptions options, Dataset dataset, Action<TurnEvent> measured, Action<MemoryEvent> sampled)
{
    private const int Samples = 20;
    private const double Megabyte = 1 << 20;

    /// <summary>Runs the test.</summary>
    /// <param name="folder">Folder for the coordinator's runs.</param>
    /// <param name="data">Folder of the data set; null for MNIST from the user's cache.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(string folder, string? data, CancellationToken cancellationToken)
    {
        // One connection a reader, and some for predictions that overlap.
        using var coordinator = await ServedCoordinator.StartAsync(folder, data, options.Readers + 64, cancellationToken);
        var model = await coordinator.BeginAsync(new { recipe = "tiny", epochs = 1 }, cancellationToken);
        await coordinator.WaitForEndAsync(model, cancellationToken);
        var prediction = Prediction(model);
        var epochs = Math.Min(99_000_000 / dataset.Training.Count, RunSpecValidator.MaxEpochs);
        var run = await coordinator.BeginAsync(new { recipe = "tiny", seed = 2, epochs, workers = 2 }, cancellationToken);
        _ = await MeasureAsync(coordinator, run, options.TurnSeconds, cancellationToken);
        for (var turn = 1; turn <= options.Turns; turn++)
        {
            var alone = await MeasureAsync(coordinator, run, options.TurnSeconds, cancellationToken);
            await using var traffic = await StartAsync(coordinator, run, prediction, cancellationToken);
            var begun = Stopwatch.GetTimestamp();
            var loaded = await MeasureAsync(coordinator, run, options.TurnSeconds, cancellationToken);
            var rate = traffic.Predictions / Stopwatch.GetElapsedTime(begun).TotalSeconds;
            measured(new TurnEvent(turn, alone, loaded, rate, traffic.Failures));
        }

        await SoakAsync(coordinator, run, prediction, cancellationToken);
    }

    private async Task SoakAsync(ServedCoordinator coordinator, string run, byte[] prediction, CancellationToken cancellationToken)
    {
        await using var traffic = await StartAsync(coordinator, run, prediction, cancellationToken);
        var begun = Stopwatch.GetTimestamp();
        for (var sample = 1; sample <= Samples; sample++)
        {
            var left = TimeSpan.FromSeconds(options.SoakSeconds * sample / Samples) - Stopwatch.GetElapsedTime(begun);
            await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellationToken);
            var memory = await coordinator.MeasureMemoryAsync(cancellationToken);
            var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
            sampled(new MemoryEvent(
                seconds, memory.Resident / Megabyte, memory.Managed / Megabyte, traffic.Predictions / seconds, traffic.Failures));
        }
    }

    private async Task<Traffic> StartAsync(
        ServedCoordinator coordinator, string run, byte[] prediction, CancellationToken cancellationToken)
    {
        var lastEventId = (await coordinator.GetRunAsync(run, cancellationToken))["lastEventId"]!.GetValue<long>();
        return Traffic.Start(coordinator.Client, run, lastEventId, options.Readers, prediction, options.PredictionsPerSecond);
    }

    /// <summary>Steps a second over some time, evaluations between epochs included.</summary>
    private static async Task<double> MeasureAsync(
        ServedCoordinator coordinator, string run, double seconds, CancellationToken cancellationToken)
    {
        var (begun, first) = (Stopwatch.GetTimestamp(), await StepAsync());
        await Task.Delay(TimeSpan.FromSeconds(seconds), cancellationToken);
        var last = await StepAsync();
        return (last - first) / Stopwatch.GetElapsedTime(begun).TotalSeconds;

        async Task<long> StepAsync() =>
            (await coordinator.GetRunAsync(run, cancellationToken))["progress"]!["step"]!.GetValue<long>();
    }

    private byte[] Prediction(string model)
    {
        var pixels = dataset.Test.Image(0).ToArray().Select(pixel => (pixel / 255f).ToString("0.###", CultureInfo.InvariantCulture));
        return Encoding.UTF8.GetBytes($$"""{"runId":"{{model}}","pixels":[{{string.Join(',', pixels)}}]}""");
    }
}
