using Mnist.Cluster.Tests.Processes;

namespace Mnist.Cluster.Tests.Faults;

/// <summary>Networks that are cut and disks that are full.</summary>
public sealed class EnvironmentFaultTests : ClusterTest
{
    [Fact]
    public async Task Two_silos_that_cannot_reach_each_other_do_not_change_the_result()
    {
        SkipUnlessLongTestsAreWanted();
        Programs.SkipUnlessRoot();
        Assert.SkipWhen(Programs.Find("ip") is null, "ip (iproute2) is not installed");
        await using var network = await TestNetwork.CreateAsync(hosts: 3);
        var cluster = Own(TestCluster.Development(Folder, network.OwnAddress));
        cluster.StartCoordinator([.. LongRun, "--data", Data, "--out", "run"]);
        foreach (var host in network.Hosts)
        {
            cluster.StartSilo(["--Orleans:Endpoints:AdvertisedIPAddress", host.Address], host.Name);
        }

        await cluster.TrainedToAsync(100);
        var server = cluster.Silos.ToList().IndexOf(cluster.ServerSilo);
        var other = (server + 1) % 3;

        var cut = ChildProcess.Now;
        await network.CutAsync(server, other);
        await Task.Delay(TimeSpan.FromSeconds(8), TestContext.Current.CancellationToken);
        await network.HealAsync(server, other);

        await ExpectSameBitsAsync(cluster, LongRun);
        ExpectStandstillOf(cluster, cut, TimeSpan.FromSeconds(15));
    }

    [Theory]
    [InlineData(Clusters.Redis)]
    [InlineData(Clusters.Postgres)]
    public async Task A_database_that_is_killed_and_started_again_does_not_change_the_result(Clusters kind)
    {
        SkipUnlessLongTestsAreWanted();
        var cluster = await StartAsync(LongRun, silos: 2, kind);
        await cluster.TrainedToAsync(200);

        await cluster.RestartDatabaseAsync(pause: TimeSpan.FromSeconds(3));

        await ExpectSameBitsAsync(cluster, LongRun);
    }

    [Fact]
    public async Task A_full_disk_ends_the_run_in_words_and_it_resumes_when_there_is_room()
    {
        SkipUnlessLongTestsAreWanted();
        Programs.SkipUnlessRoot();
        Assert.SkipWhen(Programs.Find("mount") is null, "mount is not installed");
        await using var disk = await SmallDisk.MountAsync(Folder.At("small"), kibibytes: 400);
        var cluster = Own(TestCluster.Development(Folder));
        string[] state = ["--state", Folder.At("small", "state")];
        cluster.StartCoordinator([.. FullDiskRun, "--data", Data, "--out", "run"]);
        cluster.StartSilo(state);
        cluster.StartSilo(state);
        await cluster.TrainedToAsync(50);

        disk.Fill();
        var exitCode = await cluster.Coordinator.WaitForExitAsync();
        var error = Assert.Single(cluster.Coordinator.Lines, line => line.Text.StartsWith("error: ", StringComparison.Ordinal)).Text;
        foreach (var silo in cluster.Silos)
        {
            await silo.KillAsync();
        }

        disk.MakeRoom();
        cluster.StartCoordinator("--resume", "--out", "run");
        cluster.StartSilo(state);
        cluster.StartSilo(state);

        Assert.Equal(1, exitCode);
        Assert.Contains("a checkpoint cannot be written: ", error, StringComparison.Ordinal);
        Assert.Contains("continue with --resume", error, StringComparison.Ordinal);
        await ExpectSameBitsAsync(cluster, FullDiskRun);
    }
}
