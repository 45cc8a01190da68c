namespace Mnist.Cluster.Tests.Processes;

/// <summary>A host of a <see cref="TestNetwork"/>.</summary>
/// <param name="Name">Name of its network namespace.</param>
/// <param name="Address">Its IP address.</param>
internal sealed record TestHost(string Name, string Address);

/// <summary>Hosts on one machine that a bridge connects: network namespaces, removed when the test ends.</summary>
internal sealed class TestNetwork : IAsyncDisposable
{
    private readonly string _bridge;

    private TestNetwork(int hosts)
    {
        // Names and subnet from the process id, so that two test runs do not meet. Names of interfaces have at most 15 letters.
        var id = Environment.ProcessId % 65536;
        var subnet = $"10.{200 + (id >> 13 & 7)}.{id >> 3 & 255}";
        _bridge = $"mnist{id}";
        OwnAddress = $"{subnet}.254";
        Hosts = [.. Enumerable.Range(1, hosts).Select(host => new TestHost($"mnist{id}-{host}", $"{subnet}.{host}"))];
    }

    /// <summary>Address of this machine in the network.</summary>
    public string OwnAddress { get; }

    /// <summary>The hosts.</summary>
    public IReadOnlyList<TestHost> Hosts { get; }

    /// <summary>Creates a network, or skips the test where that is not allowed.</summary>
    public static async Task<TestNetwork> CreateAsync(int hosts)
    {
        var network = new TestNetwork(hosts);
        var isCreated = await TryAsync($"link add {network._bridge} type bridge")
            && await TryAsync($"addr add {network.OwnAddress}/24 dev {network._bridge}")
            && await TryAsync($"link set {network._bridge} up");
        for (var i = 0; i < hosts && isCreated; i++)
        {
            isCreated = await network.TryAddHostAsync(i);
        }

        if (!isCreated)
        {
            await network.DisposeAsync();
            Assert.Skip("network namespaces cannot be made here");
        }

        return network;
    }

    /// <summary>Drops everything that two hosts send to each other.</summary>
    public async Task CutAsync(int first, int second)
    {
        Assert.True(await TryAsync($"-n {Hosts[first].Name} route add blackhole {Hosts[second].Address}/32"));
        Assert.True(await TryAsync($"-n {Hosts[second].Name} route add blackhole {Hosts[first].Address}/32"));
    }

    /// <summary>Undoes <see cref="CutAsync"/>.</summary>
    public async Task HealAsync(int first, int second)
    {
        Assert.True(await TryAsync($"-n {Hosts[first].Name} route del blackhole {Hosts[second].Address}/32"));
        Assert.True(await TryAsync($"-n {Hosts[second].Name} route del blackhole {Hosts[first].Address}/32"));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in Hosts)
        {
            await TryAsync($"netns del {host.Name}");
        }

        await TryAsync($"link del {_bridge}");
    }

    private async Task<bool> TryAddHostAsync(int index)
    {
        var host = Hosts[index];
        var (outside, inside) = ($"{_bridge}o{index}", $"{_bridge}i{index}");
        return await TryAsync($"netns add {host.Name}")
            && await TryAsync($"link add {outside} type veth peer name {inside}")
            && await TryAsync($"link set {outside} master {_bridge} up")
            && await TryAsync($"link set {inside} netns {host.Name}")
            && await TryAsync($"-n {host.Name} addr add {host.Address}/24 dev {inside}")
            && await TryAsync($"-n {host.Name} link set {inside} up")
            && await TryAsync($"-n {host.Name} link set lo up");
    }

    private static async Task<bool> TryAsync(string arguments)
    {
        await using var process = ChildProcess.Start("ip", "/", Programs.Find("ip")!, arguments.Split(' '));
        return await process.WaitForExitAsync() == 0;
    }
}
