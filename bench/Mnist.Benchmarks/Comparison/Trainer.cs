using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Mnist.Coordinator.Runs;
using Mnist.Coordinator.Training;
using Mnist.Grains.Compute;
using Mnist.Grains.Contracts;
using Mnist.Grains.Hosting;
using Mnist.Learning.Data;
using Mnist.Learning.Specification;
using Orleans;

namespace Mnist.Benchmarks.Comparison;

/// <summary>This project's trainer: the grains in a silo as <c>mnist train</c> hosts them.</summary>
internal sealed class Trainer : IAsyncDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private readonly IHost _host;

    private Trainer(IHost host) => _host = host;

    private IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    /// <summary>Starts the silo.</summary>
    /// <param name="dataset">What is trained on.</param>
    /// <param name="folder">Folder of the grains' state.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Trainer> StartAsync(Dataset dataset, string folder, CancellationToken cancellationToken)
    {
        var builder = TrainingHost.CreateBuilder(isVerbose: false);
        TrainingHost.AddTo(builder, new TrainingHostOptions { Dataset = dataset, StorageDirectory = folder });
        var host = builder.Build();
        await host.StartAsync(cancellationToken);
        return new Trainer(host);
    }

    /// <summary>Measures throughput, between two reports of the parameter server, which counts whole steps and their seconds.</summary>
    /// <param name="spec">What to train; it does not end within the seconds.</param>
    /// <param name="workers">Number of worker grains.</param>
    /// <param name="seconds">At least how long; the first report comes when everything is warm.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Images a second.</returns>
    public async Task<double> MeasureAsync(RunSpec spec, int workers, double seconds, CancellationToken cancellationToken)
    {
        var run = await BeginAsync(spec, workers);
        try
        {
            var first = await WaitAsync(run, progress => progress.Ledger.Samples > 0, cancellationToken);
            var last = await WaitAsync(run, progress => progress.TrainSeconds >= first.TrainSeconds + seconds, cancellationToken);
            return (last.Ledger.Samples - first.Ledger.Samples) / (last.TrainSeconds - first.TrainSeconds);
        }
        finally
        {
            await run.CancelAsync();
        }
    }

    /// <summary>Trains a recipe to its end, after a step whose result nobody sees, as <c>mnist train</c> does.</summary>
    /// <param name="spec">What to train.</param>
    /// <param name="workers">Number of worker grains.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Seconds of training, evaluation apart, and accuracy on the test split.</returns>
    public async Task<(double Seconds, double Accuracy)> TrainAsync(RunSpec spec, int workers, CancellationToken cancellationToken)
    {
        TrainingWarmup.Run(_host.Services.GetRequiredService<ITrainingModel>(), spec);
        var run = await BeginAsync(spec, workers);
        var last = await WaitAsync(run, progress => progress.Status == RunStatus.Completed, cancellationToken);
        return (last.TrainSeconds, last.Epochs[^1].TestAccuracy);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
    }

    private async Task<ITrainingRunGrain> BeginAsync(RunSpec spec, int workers)
    {
        var run = Grains.GetGrain<ITrainingRunGrain>(RunId.Create(spec.Recipe, spec.Seed, DateTimeOffset.UtcNow));
        await run.StartAsync(new RunRequest
        {
            SpecJson = RunSpecJson.Serialize(spec),
            Options = new RunOptions { Workers = workers },
        });
        return run;
    }

    private static async Task<RunProgress> WaitAsync(
        ITrainingRunGrain run, Predicate<RunProgress> isWanted, CancellationToken cancellationToken)
    {
        var begun = Stopwatch.GetTimestamp();
        while (true)
        {
            var progress = await run.GetProgressAsync();
            if (isWanted(progress))
            {
                return progress;
            }

            if (progress.Status is RunStatus.Failed or RunStatus.Cancelled || Stopwatch.GetElapsedTime(begun) > Patience)
            {
                throw new RunFailedException($"the run stands at {progress.Status}, step {progress.Step}: {progress.Error}");
            }

            await Task.Delay(PollInterval, cancellationToken);
        }
    }
}
