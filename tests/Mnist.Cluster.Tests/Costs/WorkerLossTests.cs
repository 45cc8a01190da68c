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
    private const int MomentsPerLoss = 9;
    private static readonly TimeSpan BetweenMoments = TimeSpan.FromMilliseconds(11);
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
        await cluster.TrainedToAsync(TestCluster.StepsOfRest);
        await cluster.AllTrainedForAsync(TestCluster.StepsOfRest);
        var (losses, ends) = (new List<TimeSpan>(), new List<TimeSpan>());
        while (losses.Count < Losses)
        {
            var (silo, at) = await cluster.SignalInCalmAsync(signal, StepsPerEpoch);
            losses.Add(at);
            if (signal == Signals.Stop)
            {
                // Nobody misses this silo any more: what its end costs now is the kernel's work on the machine that it shares.
                ends.Add(silo.Signal(Signals.Kill));
            }

            await silo.KillAsync();
            cluster.StartSilo();
            await cluster.AllTrainedForAsync(TestCluster.StepsOfRest);
        }

        Report("nothing happened", cluster, losses.SelectMany(MomentsBefore));
        var median = Report("worker gone", cluster, losses);
        if (ends.Count > 0)
        {
            Report("end of a process that nobody waits for", cluster, ends);
        }

        Assert.Equal(0, cluster.RepeatedSteps);
        Assert.InRange(median, double.MinValue, WorstMedian);
    }

    /// <summary>
    /// Moments of the calm before a loss: what a loss at each of them would be said to have cost is the error of the measurement.
    /// </summary>
    private static IEnumerable<TimeSpan> MomentsBefore(TimeSpan loss) =>
        Enumerable.Range(2, MomentsPerLoss).Select(moment => loss - (moment * BetweenMoments));

    /// <summary>Writes what each of several events cost, or of many only the sum of it.</summary>
    /// <returns>The median, in steps.</returns>
    private static double Report(string what, TestCluster cluster, IEnumerable<TimeSpan> events)
    {
        var costs = events
            .Select(at => cluster.CostOf(at, StepsPerEpoch))
            .Select(cost => (cost.Usual, cost.Extra, Steps: cost.Extra / cost.Usual))
            .ToArray();
        var output = TestContext.Current.TestOutputHelper!;
        foreach (var (usual, extra, steps) in costs.Length > Losses ? [] : costs)
        {
            output.WriteLine($"a step: {usual.TotalMilliseconds:F1} ms; {what}: {extra.TotalMilliseconds:F1} ms more, {steps:F2} steps");
        }

        var ordered = costs.Select(cost => cost.Steps).Order().ToArray();
        var median = (ordered[(ordered.Length - 1) / 2] + ordered[ordered.Length / 2]) / 2;
        var within = ordered.Count(steps => steps <= 1);
        output.WriteLine($"{what}: median {median:F2} steps, worst {ordered[^1]:F2}, {within} of {ordered.Length} within one");
        return median;
    }
}
