namespace Mnist.Cluster.Tests.Processes;

/// <summary>A Redis server of a test's own, whose data outlives it in a folder that the test removes.</summary>
internal static class RedisProcess
{
    /// <summary>Skips a test where there is no server, or the programs do not know of Redis.</summary>
    public static void SkipUnlessThere()
    {
        var isBuilt = Clustering.ClusterProviders.Optional.Contains(Clustering.ClusterProviders.Redis);
        Assert.SkipUnless(isBuilt, "Microsoft.Orleans.Clustering.Redis could not be restored");
        Assert.SkipWhen(Programs.Find("redis-server") is null, "redis-server is not installed");
    }

    /// <summary>Starts a server, with what is there already, and waits until it answers.</summary>
    /// <param name="folder">Its working directory, in which its data is.</param>
    /// <param name="port">Where it listens, on this machine only.</param>
    public static async Task<ChildProcess> StartAsync(string folder, int port)
    {
        var process = ChildProcess.Start(
            "redis", folder, Programs.Find("redis-server")!,
            "--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "yes");
        await process.WaitForLineAsync("readiness", line => line.Contains("Ready to accept connections", StringComparison.Ordinal));
        return process;
    }
}
