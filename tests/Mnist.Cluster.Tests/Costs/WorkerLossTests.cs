using Mnist.Cluster.Tests.Faults;
using Mnist.Cluster.Tests.Processes;
using Mnist.Learning.Data;

namespace Mnist.Cluster.Tests.Costs;

/// <summary>What a worker that is gone costs: many losses in one run, since what disturbs every tenth step hides a single one.</summary>
public sealed class WorkerLossTests : ClusterTest
{
    private const int Losses = 10;

    /// <summary>In steps; the wish is 1. A machine that has a processor for each silo has no excuse for more.</summary>
    private const double WorstMedian = 2;
    private const int StepsPerEpoch = 430;

    /// <summary>Steps between the first call of a new silo's worker and the next death, in which its code is compiled.</summary>
    private const int StepsOfRest = 300;

    private static readonly string[] Small = ["--epochs", "100", "--recipe", "small", "--checkpoint-interval", "0.5"];

    /// <summary>
    /// A silo that stands still is like one that dies on another machine: what the kernel does to end a process costs the others nothing.
    /// </summary>
    [Theory]
    [InlineData(Signals.Kill)]
    [InlineData(Signals.Stop)]
    public async Task A_silo_with_a_worker_that_is_gone_costs_about_a_step(int signal)
    {
        SkipUnlessLongTestsAreWanted();
        Data = CacheFolder.ForUser();
        Assert.SkipUnless(DatasetFiles.AreIn(Data), "MNIST is not in the user's cache: `mnist data fetch` puts it there");
        var cluster = await StartAsync(Small, silos: 3);
        await cluster.TrainedToAsync(StepsOfRest);
        await cluster.AllTrainedForAsync(StepsOfRest);
        var (losses, ends) = (new List<TimeSpan>(), new List<TimeSpan>());
        while (losses.Count < Losses)
        {
            await cluster.PassedAsync(AwayFromEpochEnd(cluster.Steps[^1].Step));
            var (silo, at) = await cluster.SignalInCalmAsync(signal);
            losses.Add(at);
            if (signal == Signals.Stop)
            {
                // Nobody misses this silo any more: what its end costs now is the kernel's work on the machine that it shares.
                ends.Add(silo.Signal(Signals.Kill));
            }

            await silo.KillAsync();
            cluster.StartSilo();
            await cluster.AllTrainedForAsync(StepsOfRest);
        }

        var median = Report("worker gone", cluster, losses);
        if (ends.Count > 0)
        {
            Report("end of a process that nobody waits for", cluster, ends);
        }

        Assert.Equal(0, cluster.RepeatedSteps);
        Assert.InRange(median, double.MinValue, WorstMedian);
    }

    /// <summary>Writes what each of several events cost.</summary>
    /// <returns>The median, in steps.</returns>
    private static double Report(string what, TestCluster cluster, IReadOnlyCollection<TimeSpan> events)
    {
        var costs = events
            .Select(at => cluster.CostOf(at, StepsPerEpoch))
            .Select(cost => (cost.Usual, cost.Extra, Steps: cost.Extra / cost.Usual))
            .OrderBy(cost => cost.Steps)
            .ToArray();
        var output = TestContext.Current.TestOutputHelper!;
        foreach (var (usual, extra, steps) in costs)
        {
            output.WriteLine($"a step: {usual.TotalMilliseconds:F1} ms; {what}: {extra.TotalMilliseconds:F1} ms more, {steps:F2} steps");
        }

        var median = (costs[(costs.Length - 1) / 2].Steps + costs[costs.Length / 2].Steps) / 2;
        output.WriteLine($"{what}: median {median:F2} steps, worst {costs[^1].Steps:F2}");
        return median;
    }

    /// <summary>The next step that is followed by some of its epoch, so that no evaluation is counted.</summary>
    private static long AwayFromEpochEnd(long step) => step % StepsPerEpoch > StepsPerEpoch - 100 ? step + 150 : step;
}
