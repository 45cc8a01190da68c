using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Mnist.Cluster.Tests.Processes;

namespace Mnist.Cluster.Tests.Faults;

/// <summary>
/// Silos that die, stop, hang and come. The times are for machines that are busy with other tests as well; what a quiet one
/// takes is in docs/CLUSTER.md.
/// </summary>
public sealed class SiloFaultTests : ClusterTest
{
    // Less than a failure detector needs: nobody waits for it.
    private static readonly TimeSpan WorkerPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ServerPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan JoinPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_silo_with_workers_that_is_killed_costs_no_step()
    {
        var cluster = await StartAsync(LongRun, silos: 3);
        await cluster.TrainedToAsync(100);
        await cluster.AllTrainedForAsync(20);
        var server = cluster.ServerSilo;

        var killed = await cluster.OtherSilo.KillAsync();

        await ExpectSameBitsAsync(cluster, LongRun);
        Assert.Equal(0, cluster.RepeatedSteps);
        ExpectStandstillOf(cluster, killed, WorkerPatience);
        if (OperatingSystem.IsLinux())
        {
            // The server has heard of it, and so has left no file behind by which it would hear.
            var heard = Assert.Single(server.Lines, line => line.Text.Contains("take over from silo", StringComparison.Ordinal));
            var silo = Regex.Match(heard.Text, @"from silo (?<silo>\S+), which has ended").Groups["silo"].Value;
            Assert.Empty(Directory.GetFiles("/dev/shm", $"mnist.alive-*-{silo}"));
        }
    }

    [Theory]
    [InlineData(Clusters.Development)]
    [InlineData(Clusters.Redis)]
    [InlineData(Clusters.Postgres)]
    public async Task A_parameter_server_whose_silo_is_killed_goes_on_elsewhere(Clusters kind)
    {
        if (kind != Clusters.Development)
        {
            SkipUnlessLongTestsAreWanted();
        }

        var cluster = await StartAsync(LongRun, silos: 3, kind);
        await cluster.TrainedToAsync(200);

        var killed = await cluster.ServerSilo.KillAsync();

        await ExpectSameBitsAsync(cluster, LongRun);
        ExpectStandstillOf(cluster, killed, ServerPatience);
    }

    [Fact]
    public async Task A_run_that_loses_its_only_worker_with_the_gateway_of_its_coordinator_goes_on_elsewhere()
    {
        SkipUnlessLongTestsAreWanted();

        // Nobody but the coordinator is left to ask for the run. It asks ten times a second, and the silo that stops has its question.
        string[] oneWorker = [.. LongRun, "--workers", "1"];
        var cluster = await StartAsync(oneWorker, silos: 1, Clusters.Redis);
        await cluster.TrainedToAsync(50);
        await TestCluster.JoinedAsync(cluster.StartSilo());
        var dying = cluster.ServerSilo;

        var stopped = dying.Signal(Signals.Stop);
        await Task.Delay(TimeSpan.FromSeconds(0.5), TestContext.Current.CancellationToken);
        await dying.KillAsync();

        await ExpectSameBitsAsync(cluster, oneWorker);
        ExpectStandstillOf(cluster, stopped, ServerPatience);
    }

    [Fact]
    public async Task A_silo_that_is_told_to_stop_hands_its_work_over_and_loses_no_step()
    {
        var cluster = await StartAsync(LongRun, silos: 2);
        await cluster.TrainedToAsync(100);
        var stopping = cluster.ServerSilo;

        var told = ChildProcess.Now;
        stopping.Signal(Signals.Term);
        var exitCode = await stopping.WaitForExitAsync();

        Assert.Equal(0, exitCode);
        Assert.InRange(ChildProcess.Now - told, TimeSpan.Zero, DrainPatience);
        await ExpectSameBitsAsync(cluster, LongRun);
        Assert.Equal(0, cluster.RepeatedSteps);
        ExpectStandstillOf(cluster, told, ServerPatience);
    }

    [Fact]
    public async Task A_silo_that_joins_gets_work_at_once()
    {
        SkipUnlessLongTestsAreWanted();
        var cluster = await StartAsync(LongRun, silos: 1);
        await cluster.TrainedToAsync(50);

        var joined = await TestCluster.JoinedAsync(cluster.StartSilo());
        var working = await cluster.Coordinator.WaitForLineAsync(
            "two workers",
            line => line.Contains("\"progress\"", StringComparison.Ordinal) && JsonNode.Parse(line)!["workers"]!.GetValue<int>() == 2);

        Assert.InRange(working.At - joined.At, TimeSpan.FromSeconds(-1), JoinPatience);
        await ExpectSameBitsAsync(cluster, LongRun);
        Assert.Equal(0, cluster.RepeatedSteps);
    }

    [Fact]
    public async Task Silos_that_are_restarted_one_by_one_lose_no_step()
    {
        SkipUnlessLongTestsAreWanted();
        var cluster = await StartAsync(LongRun, silos: 3, Clusters.Redis);
        await cluster.TrainedToAsync(100);

        foreach (var silo in cluster.Silos)
        {
            await TestCluster.JoinedAsync(cluster.StartSilo());
            silo.Signal(Signals.Term);
            Assert.Equal(0, await silo.WaitForExitAsync());
        }

        await ExpectSameBitsAsync(cluster, LongRun);
        Assert.Equal(0, cluster.RepeatedSteps);
    }

    [Fact]
    public async Task A_parameter_server_that_wakes_after_ten_seconds_changes_nothing()
    {
        SkipUnlessLongTestsAreWanted();
        var cluster = await StartAsync(LongRun, silos: 3);
        await cluster.TrainedToAsync(100);
        var sleeping = cluster.ServerSilo;

        var asleep = ChildProcess.Now;
        sleeping.Signal(Signals.Stop);
        await Task.Delay(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        sleeping.Signal(Signals.Cont);

        await ExpectSameBitsAsync(cluster, LongRun);
        ExpectStandstillOf(cluster, asleep, ServerPatience + TimeSpan.FromSeconds(2), seconds: 9);
        Assert.NotEqual(0, await sleeping.WaitForExitAsync());
    }
}
