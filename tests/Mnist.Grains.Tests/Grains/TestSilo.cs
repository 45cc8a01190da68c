using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mnist.Grains.Compute;
using Mnist.Grains.Contracts;
using Mnist.Grains.Hosting;
using Mnist.Learning.Data;
using Mnist.Learning.Specification;
using Orleans;
using Orleans.Hosting;

namespace Mnist.Grains.Tests.Grains;

/// <summary>One silo in this process: real Orleans in the Cluster edition, Orleans.Simulation in the Embedded one.</summary>
internal sealed class TestSilo : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly IHost _host;

    private TestSilo(IHost host) => _host = host;

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public static async Task<TestSilo> StartAsync(string storage, ITrainingModel model, IWorkerRoom? room = null)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(model);
        if (room is not null)
        {
            builder.Services.AddSingleton(room);
        }

        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(FreePort(), FreePort())
            .AddTraining(new TrainingHostOptions
            {
                Dataset = new Dataset("none", new ImageSet(default, default), new ImageSet(default, default), ""),
                StorageDirectory = storage,
            }));
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new TestSilo(host);
    }

    /// <summary>Starts a run, or continues it.</summary>
    public async Task<ITrainingRunGrain> StartRunAsync(
        string runId, RunSpec spec, int workers, int partitions = 1, string? traceParent = null)
    {
        var run = Grains.GetGrain<ITrainingRunGrain>(runId);
        await run.StartAsync(new RunRequest
        {
            SpecJson = RunSpecJson.Serialize(spec),
            Options = new RunOptions { Workers = workers, Partitions = partitions, CheckpointInterval = TimeSpan.FromMilliseconds(5) },
            TraceParent = traceParent,
        });
        return run;
    }

    /// <summary>Waits until the progress of a run fulfils a condition.</summary>
    public static async Task<RunProgress> WaitForAsync(ITrainingRunGrain run, string what, Func<RunProgress, bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var progress = await run.GetProgressAsync();
            if (condition(progress))
            {
                return progress;
            }

            Assert.False(
                patience.IsCancellationRequested,
                $"waited for {what}, but the run is {progress.Status} at step {progress.Step} of {progress.TotalSteps}: {progress.Error}");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    public static Task<RunProgress> CompletedAsync(ITrainingRunGrain run) =>
        WaitForAsync(run, "the end of the run", progress => progress.Status is RunStatus.Completed or RunStatus.Failed);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(TestContext.Current.CancellationToken);
        _host.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
