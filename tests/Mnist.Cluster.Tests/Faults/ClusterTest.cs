using System.Globalization;
using System.Text.Json.Nodes;
using Mnist.Cluster.Tests.Processes;
using Mnist.Coordinator.Tests.Support;
using Mnist.Grains;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Mnist.Cluster.Tests.Faults;

/// <summary>What tests with clusters of processes share: where they can run, what they train, and what must come of it.</summary>
public abstract class ClusterTest : IDisposable
{
    /// <summary>Set to 1 to run the tests that take long, or whose bounds of time want a machine of their own.</summary>
    private const string LongTests = "MNIST_LONG_TESTS";

    private static readonly Dictionary<string, string> Undisturbed = [];

    /// <summary>Steps of a run: enough that it lasts until a fault has hit and was survived.</summary>
    private protected static readonly string[] Run = ["--epochs", "30", "--batch", "20", "--slices", "4", "--checkpoint-interval", "0.5"];

    /// <summary>A run in whose time a silo can be started.</summary>
    private protected static readonly string[] JoinRun = ["--epochs", "100", .. Run[2..]];

    /// <summary>A run of about the length that faults of ten seconds need.</summary>
    private protected static readonly string[] LongRun = ["--epochs", "300", .. Run[2..]];

    private protected ClusterTest()
    {
        Assert.SkipUnless(Edition.Name == "Cluster", "the Embedded edition is one process: Microsoft.Orleans.Server could not be restored");
        Data = SyntheticDataset.Write(Folder.At("data"));
    }

    private protected TemporaryFolder Folder { get; } = new();

    private protected string Data { get; }

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected static void SkipUnlessLongTestsAreWanted() => Assert.SkipUnless(
        Environment.GetEnvironmentVariable(LongTests) == "1", $"takes silo processes and time, and a machine of its own: set {LongTests}=1 to run it");

    private protected static void SkipUnlessRoot() => Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");

    private protected async Task<TestCluster> StartAsync(string[] run, int silos, bool isRedis = false)
    {
        if (isRedis)
        {
            var isBuilt = Clustering.ClusterProviders.Optional.Contains("Redis");
            Assert.SkipUnless(isBuilt, "Microsoft.Orleans.Clustering.Redis could not be restored");
            Assert.SkipWhen(Programs.Find("redis-server") is null, "redis-server is not installed");
        }

        var cluster = isRedis ? await TestCluster.RedisAsync(Folder) : TestCluster.Development(Folder);
        cluster.StartCoordinator([.. run, "--data", Data, "--out", "run"]);
        for (var i = 0; i < silos; i++)
        {
            cluster.StartSilo();
        }

        return cluster;
    }

    /// <summary>Expects the bits of a run in one process, and a complete ledger.</summary>
    private protected async Task ExpectSameBitsAsync(TestCluster cluster, string[] run)
    {
        var completed = await cluster.CompletedAsync();
        Assert.Equal(await WeightsOfUndisturbedRunAsync(run), completed["weightsSha256"]!.GetValue<string>());
        var ledger = completed["ledger"]!;
        Assert.Equal(0, ledger["missing"]!.GetValue<long>());
        Assert.Equal(0, ledger["duplicates"]!.GetValue<long>());
        var epochs = long.Parse(run[1], CultureInfo.InvariantCulture);
        Assert.Equal(SyntheticDataset.TrainedCount * epochs, ledger["samples"]!.GetValue<long>());
    }

    /// <summary>Trains in one process, once for all tests.</summary>
    private async Task<string> WeightsOfUndisturbedRunAsync(string[] run)
    {
        var key = string.Join(' ', run);
        if (!Undisturbed.TryGetValue(key, out var sha256))
        {
            await using var process = ChildProcess.Start(
                "undisturbed run", Folder.Path, Programs.Dotnet,
                [.. Programs.Coordinator, "train", "--json", .. run, "--data", Data, "--out", "undisturbed"]);
            Assert.Equal(0, await process.WaitForExitAsync());
            var completed = process.Lines
                .Select(line => JsonNode.Parse(line.Text)!)
                .Single(line => line["event"]!.GetValue<string>() == "completed");
            Undisturbed[key] = sha256 = completed["weightsSha256"]!.GetValue<string>();
        }

        return sha256;
    }
}
