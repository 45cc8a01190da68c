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

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("tiny")]
    [InlineData("wide")]
    public async Task A_step_allocates_at_most_twice_what_the_silos_send_and_receive(string recipe)
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
        var (begun, before) = await MeasureAsync(server, WarmUpSteps);
        var (ended, after) = await MeasureAsync(server, begun + MeasuredSteps);

        var layout = Networks.Create(spec.Network).Layout;
        var onTheWire = sizeof(float) * (layout.ContributionLength + layout.StateLength);
        var allocated = (double)(after - before) / (ended - begun);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{recipe}: {onTheWire} bytes on the wire a step, {allocated:F0} allocated by both silos: {allocated / onTheWire:F2} times");
        Assert.InRange(allocated, onTheWire, 2 * (2 * onTheWire));
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
    /// <returns>The round that it has reached, and the bytes that this process has allocated by then.</returns>
    private static async Task<(long Round, long Bytes)> MeasureAsync(IParameterServerGrain server, long past)
    {
        using var clock = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await clock.WaitForNextTickAsync(TestContext.Current.CancellationToken))
        {
            var round = (await server.GetRoundsAsync()).Current;
            if (round >= past)
            {
                return (round, GC.GetTotalAllocatedBytes());
            }
        }

        throw new OperationCanceledException();
    }
}
