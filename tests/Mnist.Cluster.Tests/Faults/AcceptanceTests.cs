using Mnist.Cluster.Tests.Processes;
using Mnist.Learning.Data;

namespace Mnist.Cluster.Tests.Faults;

/// <summary>Several disasters in one run on MNIST itself, with figures of what they cost.</summary>
public sealed class AcceptanceTests : ClusterTest
{
    private const int TrainedCount = 55_000;
    private const int StepsPerEpoch = (TrainedCount + 127) / 128;
    private static readonly TimeSpan ServerPatience = TimeSpan.FromSeconds(5);

    /// <summary>Two epochs are over in less time than a silo may need to start and join on cores that others compute on.</summary>
    private const int Epochs = 6;
    private static readonly string[] Small = ["--epochs", $"{Epochs}", "--recipe", "small", "--checkpoint-interval", "0.5"];

    [Fact]
    public async Task A_run_that_loses_a_worker_and_its_server_and_gets_a_silo_has_the_same_bits()
    {
        SkipUnlessLongTestsAreWanted();
        Data = CacheFolder.ForUser();
        Assert.SkipUnless(DatasetFiles.AreIn(Data), "MNIST is not in the user's cache: `mnist data fetch` puts it there");
        var cluster = await StartAsync(Small, silos: 3);
        await cluster.TrainedToAsync(100);
        await cluster.AllTrainedForAsync(TestCluster.StepsOfRest);

        var (_, workerKilled) = await cluster.SignalInCalmAsync(Signals.Kill, StepsPerEpoch);
        var joined = TestCluster.JoinedAsync(cluster.StartSilo());

        // Should a silo need as long as four epochs to join, the server is lost before that: the run has to go on for a while after either.
        await Task.WhenAny(joined, cluster.PassedAsync(4 * StepsPerEpoch));
        await cluster.PassedAsync(cluster.Steps[^1].Step + 50);
        var repeatedByWorker = cluster.RepeatedSteps;
        var serverKilled = await cluster.ServerSilo.KillAsync();
        await joined;
        await ExpectSameBitsAsync(cluster, Small, TrainedCount);

        var (usual, extra) = cluster.CostOf(workerKilled, StepsPerEpoch);
        var server = cluster.LongestStandstill(serverKilled);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"a step: {usual.TotalMilliseconds:F1} ms; worker killed: {extra.TotalMilliseconds:F1} ms more, "
            + $"{repeatedByWorker} steps repeated; server killed: {server.TotalSeconds:F2} s, "
            + $"{cluster.RepeatedSteps - repeatedByWorker} steps repeated");
        Assert.Equal(0, repeatedByWorker);
        Assert.InRange(server, TimeSpan.Zero, ServerPatience);
    }
}
