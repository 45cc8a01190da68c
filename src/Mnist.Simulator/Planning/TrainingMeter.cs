using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mnist.Grains.Compute;
using Mnist.Grains.Contracts;
using Mnist.Grains.Grains;
using Mnist.Grains.Hosting;
using Mnist.Learning.Specification;
using Orleans;
using Orleans.Hosting;

namespace Mnist.Simulator.Planning;

/// <summary>Measures real training: the production grains in this process, on real threads and the real clock.</summary>
internal sealed class TrainingMeter : IAsyncDisposable
{
    private const int CallsAtOnce = 2000;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private readonly IHost _host;
    private readonly string _storage;
    private readonly RecordingModel _model;
    private int _runs;

    private TrainingMeter(ITrainingModel model)
    {
        _model = new RecordingModel(model);
        _storage = Directory.CreateTempSubdirectory("mnist-plan-").FullName;
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<ITrainingModel>(_model);
        builder.UseOrleans(silo => silo.UseLocalhostClustering().AddTraining(new TrainingHostOptions
        {
            Dataset = new("none", new(default, default), new(default, default), ""),
            StorageDirectory = _storage,
        }));
        _host = builder.Build();
    }

    private IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    /// <summary>Starts a silo.</summary>
    /// <param name="model">What its runs train.</param>
    /// <param name="cancellationToken">Stops starting it.</param>
    public static async Task<TrainingMeter> StartAsync(ITrainingModel model, CancellationToken cancellationToken)
    {
        var meter = new TrainingMeter(model);
        await meter._host.StartAsync(cancellationToken);
        return meter;
    }

    /// <summary>Trains with one worker.</summary>
    /// <param name="spec">A specification of <see cref="SyntheticData"/> with at least two epochs.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>From the end of the worker's computing to the beginning of its next, without the first epoch.</returns>
    public async Task<Stretch> RunAsync(RunSpec spec, CancellationToken cancellationToken)
    {
        var run = Grains.GetGrain<ITrainingRunGrain>(RunId(++_runs));
        await run.StartAsync(new RunRequest
        {
            SpecJson = RunSpecJson.Serialize(spec),
            Options = new RunOptions { Workers = 1, CheckpointInterval = TimeSpan.FromDays(1) },
        });
        while (true)
        {
            var progress = await run.GetProgressAsync();
            if (progress.Status is not RunStatus.Running)
            {
                return progress.Status == RunStatus.Completed
                    ? Gaps(progress)
                    : throw new InvalidOperationException($"the run that was to be measured is {progress.Status}: {progress.Error}");
            }

            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    /// <summary>
    /// Measures what a call costs its callee: many calls at once to the parameter server of the last run, which is over, so that it
    /// answers at once.
    /// </summary>
    /// <returns>Microseconds.</returns>
    public async Task<double> MeasureCallAsync()
    {
        var server = Grains.GetGrain<IParameterServerGrain>(GrainKeys.Of(RunId(_runs), 0));
        var request = new ExchangeRequest { Worker = 0, Round = 0, Frames = [] };
        var costs = new List<double>();
        for (var repeat = 0; repeat < 10; repeat++)
        {
            var begun = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, CallsAtOnce).Select(_ => server.ExchangeAsync(request)));
            costs.Add(Stopwatch.GetElapsedTime(begun).TotalMicroseconds / CallsAtOnce);
        }

        return costs.Min();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
        Directory.Delete(_storage, recursive: true);
    }

    private static string RunId(int number) => $"plan-{number}";

    private Stretch Gaps(RunProgress progress)
    {
        var gaps = _model.Take().Single().Gaps;

        // The first epoch is where code is compiled.
        return gaps.Length > 0
            ? Stretch.Of(gaps[(gaps.Length / progress.Epochs.Length)..])
            : throw new InvalidOperationException("the run that was to be measured had no two steps in a row");
    }
}
