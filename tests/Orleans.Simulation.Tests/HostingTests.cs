using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Runtime.Hosting;
using Orleans.Storage;

namespace Orleans.Simulation.Tests;

public sealed class HostingTests
{
    [Fact]
    public async Task A_silo_starts_in_the_order_of_the_stages_and_stops_in_the_opposite_order()
    {
        List<string> log = [];
        var host = await GrainHost.StartAsync(silo => silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(new Stages(log)));
        await host.DisposeAsync();

        Assert.Equal(
            ["+RuntimeStorageServices", "+ApplicationServices", "+Active", "-Active", "-ApplicationServices", "-RuntimeStorageServices"], log);
    }

    [Fact]
    public async Task A_startup_task_may_call_grains()
    {
        string answer = "";
        await using var host = await GrainHost.StartAsync(silo => silo.AddStartupTask(async (services, _) =>
            answer = await services.GetRequiredService<IGrainFactory>().GetGrain<IPlain>(Guid.Empty).Where()));

        Assert.Equal("127.0.0.1:11111@1", answer);
    }

    [Fact]
    public async Task A_host_builder_of_the_older_kind_will_do()
    {
        using var host = new HostBuilder()
            .UseOrleans(silo => silo.UseLocalhostClustering(siloPort: 5, serviceId: "service", clusterId: "cluster"))
            .Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        var details = host.Services.GetRequiredService<ILocalSiloDetails>();

        Assert.Equal("cluster", details.ClusterId);
        Assert.Equal(5, details.SiloAddress.Endpoint.Port);
        Assert.Equal("127.0.0.1:5@1", await host.Services.GetRequiredService<IClusterClient>().GetGrain<IPlain>(Guid.Empty).Where());
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_stopped_silo_refuses_calls()
    {
        var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<IPlain>(Guid.Empty);
        await host.DisposeAsync();

        await Assert.ThrowsAsync<SiloUnavailableException>(() => grain.Where());
    }

    [Fact]
    public async Task A_storage_provider_is_found_by_its_name_and_takes_part_in_the_silos_life()
    {
        Storage? storage = null;
        await using var host = await GrainHost.StartAsync(silo =>
            silo.Services.AddGrainStorage("own", (_, name) => storage = new Storage(name)));

        await host.Grains.GetGrain<IStoring>(3).Write();

        Assert.Equal(["own", "started", "read record of storing/3", "write record of storing/3"], storage!.Log);
    }

    [Fact]
    public async Task Idle_activations_end()
    {
        await using var host = await GrainHost.StartAsync(silo => silo.Configure<GrainCollectionOptions>(options =>
        {
            options.CollectionAge = TimeSpan.FromMinutes(2);
            options.CollectionQuantum = TimeSpan.FromMinutes(1);
        }));
        var management = host.Grains.GetGrain<IManagementGrain>(0);
        var idle = host.Grains.GetGrain<IPlain>(new Guid(1, 0, 0, new byte[8]));
        var delayed = host.Grains.GetGrain<IPlain>(new Guid(2, 0, 0, new byte[8]));
        var kept = host.Grains.GetGrain<IKept>(0);
        await Task.WhenAll(idle.Where(), delayed.Delay(TimeSpan.FromMinutes(10)), kept.Touch());
        Assert.Equal(2, await CountAsync(management, nameof(Plain)));

        await host.AdvanceAsync(TimeSpan.FromMinutes(3));
        await idle.Ended(host);
        Assert.Equal(1, await CountAsync(management, nameof(Plain)));
        await host.AdvanceAsync(TimeSpan.FromMinutes(10));
        await delayed.Ended(host);

        Assert.Equal(0, await CountAsync(management, nameof(Plain)));
        Assert.Equal(1, await CountAsync(management, nameof(Kept)));
    }

    [Fact]
    public async Task The_management_grain_knows_the_silo()
    {
        await using var host = await GrainHost.StartAsync();
        var management = host.Grains.GetGrain<IManagementGrain>(0);

        Assert.Equal(SiloStatus.Active, Assert.Single(await management.GetHosts()).Value);
        Assert.Equal(1, await management.GetTotalActivationCount());
    }

    [Fact]
    public async Task An_interface_without_a_grain_class_is_named()
    {
        await using var host = await GrainHost.StartAsync();

        Assert.Contains(
            nameof(IOrphan),
            Assert.Throws<ArgumentException>(() => host.Grains.GetGrain<IOrphan>("x")).Message,
            StringComparison.Ordinal);
    }

    private static async Task<int> CountAsync(IManagementGrain management, string name) =>
        (await management.GetSimpleGrainStatistics())
            .Where(statistic => statistic.GrainType.Contains($"+{name},", StringComparison.Ordinal))
            .Sum(statistic => statistic.ActivationCount);

    internal interface IPlain : IGrainWithGuidKey
    {
        Task<string> Where();

        Task Delay(TimeSpan time);
    }

    internal interface IKept : IGrainWithIntegerKey
    {
        Task Touch();
    }

    internal interface IStoring : IGrainWithIntegerKey
    {
        Task Write();
    }

    internal interface IOrphan : IGrainWithStringKey
    {
    }

    internal sealed class Plain(ILocalSiloDetails silo) : Grain, IPlain
    {
        public Task<string> Where() => Task.FromResult(silo.SiloAddress.ToParsableString());

        public Task Delay(TimeSpan time)
        {
            DelayDeactivation(time);
            return Task.CompletedTask;
        }
    }

    [KeepAlive]
    internal sealed class Kept : Grain, IKept
    {
        public Task Touch() => Task.CompletedTask;
    }

    internal sealed class Storing([PersistentState("record", "own")] IPersistentState<string> record) : Grain, IStoring
    {
        public Task Write() => record.WriteStateAsync();
    }

    private sealed class Stages(List<string> log) : ILifecycleParticipant<ISiloLifecycle>
    {
        public void Participate(ISiloLifecycle lifecycle)
        {
            Subscribe(nameof(ServiceLifecycleStage.Active), ServiceLifecycleStage.Active);
            Subscribe(nameof(ServiceLifecycleStage.RuntimeStorageServices), ServiceLifecycleStage.RuntimeStorageServices);
            Subscribe(nameof(ServiceLifecycleStage.ApplicationServices), ServiceLifecycleStage.ApplicationServices);

            void Subscribe(string name, int stage) => lifecycle.Subscribe(name, stage, _ => Log($"+{name}"), _ => Log($"-{name}"));
        }

        private Task Log(string entry)
        {
            log.Add(entry);
            return Task.CompletedTask;
        }
    }

    private sealed class Storage(string name) : IGrainStorage, ILifecycleParticipant<ISiloLifecycle>
    {
        public List<string> Log { get; } = [name];

        public void Participate(ISiloLifecycle lifecycle) =>
            lifecycle.Subscribe<Storage>(ServiceLifecycleStage.RuntimeStorageServices, _ => Add("started"));

        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Add($"read {stateName} of {grainId}");

        public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Add($"write {stateName} of {grainId}");

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Add($"clear {stateName} of {grainId}");

        private Task Add(string entry)
        {
            Log.Add(entry);
            return Task.CompletedTask;
        }
    }
}

file static class HostingTestExtensions
{
    /// <summary>Waits until the activation of a grain has ended, if it is ending.</summary>
    public static Task Ended(this IAddressable grain, GrainHost host) =>
        host.Services.GetRequiredService<Silo>().Catalog.Find(grain.GetGrainId())?.Deactivated ?? Task.CompletedTask;
}
