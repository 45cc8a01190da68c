using System.Globalization;
using System.Text.Json.Nodes;
using Mnist.Cluster.Tests.Processes;
using Mnist.Coordinator.Tests.Support;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Mnist.Cluster.Tests.Faults;

/// <summary>How the silos of a test find each other.</summary>
public enum Clusters
{
    /// <summary>The coordinator is the primary silo.</summary>
    Development,

    /// <summary>The first silo is the primary one, and the coordinator a client of its gateway.</summary>
    Gateway,

    /// <summary>Through Redis.</summary>
    Redis,

    /// <summary>Through PostgreSQL.</summary>
    Postgres,
}

/// <summary>What tests with clusters of processes share: where they can run, what they train, and what must come of it.</summary>
public abstract class ClusterTest : IAsyncDisposable
{
    /// <summary>Set to 1 to run the tests that take long, or whose bounds of time want a machine of their own.</summary>
    private const string LongTests = "MNIST_LONG_TESTS";

    private static readonly Dictionary<string, string> Undisturbed = [];
    private readonly List<TestCluster> _clusters = [];

    /// <summary>A run that one silo ends in a second or two: where several have to join first, they may come too late.</summary>
    private protected static readonly string[] Run = ["--epochs", "30", "--batch", "20", "--slices", "4", "--checkpoint-interval", "0.5"];

    /// <summary>A run in whose time a small disk fills.</summary>
    private protected static readonly string[] FullDiskRun = ["--epochs", "100", .. Run[2..]];

    /// <summary>A run that lasts until several silos have joined, and a fault has hit and was survived.</summary>
    private protected static readonly string[] LongRun = ["--epochs", "300", .. Run[2..]];

    private protected ClusterTest()
    {
        Programs.SkipWithoutSilos();
        Folder = new TemporaryFolder();
        Data = SyntheticDataset.Write(Folder.At("data"));
    }

    private protected TemporaryFolder Folder { get; }

    /// <summary>Folder of the data set, a small one unless a test wants another.</summary>
    private protected string Data { get; set; }

    public async ValueTask DisposeAsync()
    {
        foreach (var cluster in _clusters)
        {
            await cluster.DisposeAsync();
        }

        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            KeepLogs();
        }

        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected static void SkipUnlessLongTestsAreWanted() => Assert.SkipUnless(
        Environment.GetEnvironmentVariable(LongTests) == "1",
        $"takes silo processes and time, and a machine of its own: set {LongTests}=1 to run it");

    private protected async Task<TestCluster> StartAsync(string[] run, int silos, Clusters kind = Clusters.Development)
    {
        var cluster = Own(kind switch
        {
            Clusters.Redis => await RedisAsync(),
            Clusters.Postgres => await PostgresAsync(),
            Clusters.Gateway => TestCluster.BehindGateway(Folder),
            _ => TestCluster.Development(Folder),
        });
        cluster.Data = Data;
        cluster.StartCoordinator([.. run, "--data", Data, "--out", "run"]);
        for (var i = cluster.Silos.Count; i < silos; i++)
        {
            cluster.StartSilo();
        }

        return cluster;
    }

    private Task<TestCluster> RedisAsync()
    {
        RedisProcess.SkipUnlessThere();
        return TestCluster.RedisAsync(Folder);
    }

    private Task<TestCluster> PostgresAsync() => TestCluster.PostgresAsync(Folder, PostgresProcess.FindScriptsOrSkip());

    /// <summary>Expects the bits of a run in one process, and a complete ledger.</summary>
    private protected async Task ExpectSameBitsAsync(TestCluster cluster, string[] run, int samples = SyntheticDataset.TrainedCount)
    {
        var completed = await cluster.CompletedAsync();
        Assert.Equal(await WeightsOfUndisturbedRunAsync(run), completed["weightsSha256"]!.GetValue<string>());
        var ledger = completed["ledger"]!;
        Assert.Equal(0, ledger["missing"]!.GetValue<long>());
        Assert.Equal(0, ledger["duplicates"]!.GetValue<long>());
        var epochs = long.Parse(run[1], CultureInfo.InvariantCulture);
        Assert.Equal(samples * epochs, ledger["samples"]!.GetValue<long>());
    }

    /// <summary>Expects that a fault held up the steps for no longer than this, and says for how long it did.</summary>
    private protected static void ExpectStandstillOf(TestCluster cluster, TimeSpan fault, TimeSpan most, double seconds = 20)
    {
        var standstill = cluster.LongestStandstill(fault, seconds);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"without a step for {standstill.TotalSeconds:F2} s, {cluster.RepeatedSteps} steps repeated");
        Assert.InRange(standstill, TimeSpan.Zero, most);
    }

    /// <summary>Ends a cluster with the test, whose failure keeps what its processes wrote.</summary>
    private protected TestCluster Own(TestCluster cluster)
    {
        _clusters.Add(cluster);
        return cluster;
    }

    /// <summary>A fault that shows once in many runs has to be found in what was written then.</summary>
    private void KeepLogs()
    {
        var test = $"{TestContext.Current.TestMethod!.MethodName}-{Environment.ProcessId}";
        var folder = Path.Combine(AppContext.BaseDirectory, "logs", test);
        Directory.CreateDirectory(folder);
        foreach (var process in _clusters.SelectMany(cluster => cluster.Processes))
        {
            File.WriteAllLines(
                Path.Combine(folder, $"{process.Name}.log"), process.Lines.Select(line => $"{line.At.TotalSeconds:F3} {line.Text}"));
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"What the processes wrote is in {folder}");
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
