using System.Net;
using Mnist.Clustering.Liveness;
using Mnist.Clustering.Transport;
using Orleans.Runtime;

namespace Mnist.Cluster.Tests.Liveness;

/// <summary>What a silo knows of others of its machine.</summary>
public sealed class LocalSilosTests : IDisposable
{
    private readonly string _other = $"S127.0.0.1:1:{Environment.ProcessId}";

    public LocalSilosTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "there are no robust mutexes here");

    private string Sign => SharedMemoryPath.OfSilo(_other)!;

    public void Dispose() => SharedMemoryPath.Remove(Sign);

    [Fact]
    public void A_silo_is_watched_once_for_all_runs()
    {
        Assert.True(LifeSign.TryShow(Sign));
        var silos = new LocalSilos(new Details());

        var end = silos.EndOf(_other);

        Assert.True(end is { IsCompleted: false });
        Assert.Same(end, silos.EndOf(_other));
    }

    [Fact]
    public void A_silo_of_another_machine_cannot_be_watched() =>
        Assert.Null(new LocalSilos(new Details()).EndOf($"S10.0.0.1:1:{Environment.ProcessId}"));

    private sealed class Details : ILocalSiloDetails
    {
        public string Name => "silo";

        public string ClusterId => "cluster";

        public string DnsHostName => "localhost";

        public SiloAddress SiloAddress { get; } = SiloAddress.New(IPAddress.Loopback, 2, Environment.ProcessId);

        public SiloAddress GatewayAddress => SiloAddress;
    }
}
