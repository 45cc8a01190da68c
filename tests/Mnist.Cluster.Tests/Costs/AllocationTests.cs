using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Mnist.Cluster.Tests.Processes;
using Mnist.Clustering;
using Mnist.Coordinator.Tests.Support;
using Mnist.Grains.Contracts;
using Mnist.Learning.Data;
using Mnist.Learning.Models;
using Mnist.Learning.Specification;
using Orleans;

namespace Mnist.Cluster.Tests.Costs;

/// <summary>What a step costs in memory where two silos exchange their frames over TCP. Both are in this process, to be measured.</summary>
public sealed class AllocationTests : IDisposable
{
    private const string RunId = "allocation";
    private const int WarmUpSteps = 60;
    private const int MeasuredSteps = 180;
    private readonly TemporaryFolder _folder = new();
    private readonly MeterListener _listener = new();
    private long _sent;

    public AllocationTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "orleans-messaging-sent-messages-size")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((_, bytes, _, _) => Interlocked.Add(ref _sent, bytes));
        _listener.Start();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("tiny")]
    [InlineData("wide")]
    public async Task A_step_allocates_at_most_twice_what_the_silos_send(string recipe)
    {
        var dataset = DatasetReader.Load(SyntheticDataset.Write(_folder.At("data")));
        var overrides = new RunOverrides { Epochs = 1, GlobalBatch = 2, Slices = 2 };
        var spec = Recipes.Create(recipe, 1, dataset, overrides);
        var primary = Programs.FreePort();
        using var first = await StartSiloAsync(dataset, ("Orleans:Endpoints:SiloPort", $"{primary}"));
        using var second = await StartSiloAsync(
            dataset, ("Orleans:Clustering:PrimarySiloEndPoint", $"127.0.0.1:{primary}"));
        var grains = first.Services.GetRequiredService<IGrainFactory>();
        var options = new RunOptions { Workers = 2, CheckpointInterval = TimeSpan.FromHours(1) };
        await grains.GetGrain<ITrainingRunGrain>(RunId).StartAsync(
            new RunRequest { SpecJson = RunSpecJson.Serialize(spec), Options = options });

        var server = grains.GetGrain<IParameterServerGrain>($"{RunId}/0");
        var begun = await MeasureAsync(server, WarmUpSteps);
        var ended = await MeasureAsync(server, begun.Round + MeasuredSteps);

        var steps = (double)(ended.Round - begun.Round);
        var (allocated, sent) = ((ended.Allocated - begun.Allocated) / steps, (ended.Sent - begun.Sent) / steps);
        var layout = Networks.Create(spec.Network).Layout;
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{recipe}, frames of {sizeof(float) * layout.ContributionLength} and {sizeof(float) * layout.StateLength} bytes: "
            + $"{sent:F0} bytes a step on the wire, {allocated:F0} allocated by both silos, {allocated / sent:F2} times");

        Assert.InRange(allocated, 0, 2 * sent);
        await second.StopAsync(TestContext.Current.CancellationToken);
        await first.StopAsync(TestContext.Current.CancellationToken);
    }

    private async Task<IHost> StartSiloAsync(Dataset dataset, (string Key, string Value) own)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration[own.Key] = own.Value;
        builder.Configuration["Training:WorkersPerSilo"] = "1";
        builder.Configuration["Training:StateDirectory"] = _folder.At("state");
        builder.AddTrainingSilo(ClusterSettings.ReadForSilo(builder.Configuration), dataset);
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    /// <summary>Waits until the server is past a round.</summary>
    private async Task<Costs> MeasureAsync(IParameterServerGrain server, long past)
    {
        using var clock = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await clock.WaitForNextTickAsync(TestContext.Current.CancellationToken))
        {
            var round = (await server.GetRoundsAsync()).Current;
            if (round >= past)
            {
                return new Costs(round, GC.GetTotalAllocatedBytes(), Interlocked.Read(ref _sent));
            }
        }

        throw new OperationCanceledException();
    }

    /// <summary>What the silos have spent until a round.</summary>
    private sealed record Costs(long Round, long Allocated, long Sent);
}
