using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Mnist.Cluster.Tests.Processes;
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
    private const int GlobalBatch = 2;
    private const int StepsPerEpoch = SyntheticDataset.TrainedCount / GlobalBatch;

    /// <summary>More than there is time for: how many steps pass between two looks at the server is up to the machine.</summary>
    private const int Epochs = 100;
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
    public async Task A_step_allocates_at_most_half_of_what_the_silos_send(string recipe)
    {
        var dataset = DatasetReader.Load(SyntheticDataset.Write(_folder.At("data")));
        var overrides = new RunOverrides { Epochs = Epochs, GlobalBatch = GlobalBatch, Slices = 2 };
        var spec = Recipes.Create(recipe, 1, dataset, overrides);
        var primary = Programs.FreePort();
        using var first = await StartSiloAsync(dataset, ("Orleans:Endpoints:SiloPort", $"{primary}"));
        using var second = await StartSiloAsync(
            dataset, ("Orleans:Clustering:PrimarySiloEndPoint", $"127.0.0.1:{primary}"));
        var grains = first.Services.GetRequiredService<IGrainFactory>();
        var options = new RunOptions { Workers = 2, CheckpointInterval = TimeSpan.FromHours(1) };
        await grains.GetGrain<ITrainingRunGrain>(RunId).StartAsync(
            new RunRequest { SpecJson = RunSpecJson.Serialize(spec), Options = options });

        var costs = await MeasureAsync(grains.GetGrain<IParameterServerGrain>($"{RunId}/0"));

        var (allocated, sent) = ((double)costs.Allocated / costs.Steps, (double)costs.Sent / costs.Steps);
        var layout = Networks.Create(spec.Network).Layout;
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{recipe}, frames of {sizeof(float) * layout.ContributionLength} and {sizeof(float) * layout.StateLength} bytes: "
            + $"{sent:F0} bytes a step on the wire, {allocated:F0} allocated by both silos, {allocated / sent:F2} times");

        Assert.InRange(allocated, 0, sent / 2);
        await second.StopAsync(TestContext.Current.CancellationToken);
        await first.StopAsync(TestContext.Current.CancellationToken);
    }

    private Task<IHost> StartSiloAsync(Dataset dataset, (string Key, string Value) own) =>
        InProcessSilo.StartAsync(dataset, own, ("Training:WorkersPerSilo", "1"), ("Training:StateDirectory", _folder.At("state")));

    /// <summary>Adds up what steps cost between looks at the server, but where an epoch ended in between: it is evaluated.</summary>
    private async Task<Costs> MeasureAsync(IParameterServerGrain server)
    {
        using var clock = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var (sum, last) = (new Costs(0, 0, 0), new Costs(0, 0, 0));
        while (sum.Steps < MeasuredSteps)
        {
            await clock.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            var round = (await server.GetRoundsAsync()).Current;
            Assert.InRange(round, 0, (Epochs * StepsPerEpoch) - 1);
            var now = new Costs(round, GC.GetTotalAllocatedBytes(), Interlocked.Read(ref _sent));
            if (last.Steps >= WarmUpSteps && last.Steps % StepsPerEpoch != 0 && last.Steps / StepsPerEpoch == now.Steps / StepsPerEpoch)
            {
                sum = sum.Plus(now).Minus(last);
            }

            last = now;
        }

        return sum;
    }

    /// <summary>What both silos have spent on a number of steps.</summary>
    private sealed record Costs(long Steps, long Allocated, long Sent)
    {
        public Costs Plus(Costs more) => new(Steps + more.Steps, Allocated + more.Allocated, Sent + more.Sent);

        public Costs Minus(Costs less) => new(Steps - less.Steps, Allocated - less.Allocated, Sent - less.Sent);
    }
}
