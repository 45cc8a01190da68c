using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace Orleans.Simulation.Tests;

public sealed class ActivationTests
{
    [Fact]
    public async Task A_grain_is_activated_before_its_first_request_and_deactivated_after_its_last()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<ILiving>(1);

        int first = await grain.Life();
        Assert.Equal(first, await grain.Life());
        await grain.End();

        Assert.NotEqual(first, await grain.Life());
        await Signals.Wait($"life {first} ended {DeactivationReasonCode.ApplicationRequested}");
    }

    [Fact]
    public async Task Requests_that_wait_when_an_activation_ends_go_to_the_next_one()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<ILiving>(2);
        int first = await grain.Life();
        var ending = grain.EndSlowly("slow");
        await Signals.Wait("slow ending");

        Task<int>[] waiting = [.. Enumerable.Range(0, 10).Select(_ => grain.Life())];
        Signals.Set("slow continue");
        await ending;
        int[] lives = await Task.WhenAll(waiting);

        Assert.All(lives, life => Assert.NotEqual(first, life));
        Assert.Single(lives.Distinct());
    }

    [Fact]
    public async Task An_activation_that_fails_gives_its_callers_the_reason()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<ILiving>(-1);

        var exception = await Assert.ThrowsAsync<InvalidDataException>(() => grain.Life());

        Assert.Equal("It does not want to live.", exception.Message);
    }

    [Fact]
    public async Task Stopping_the_host_deactivates_all_grains()
    {
        var host = await GrainHost.StartAsync();
        int[] lives = await Task.WhenAll(Enumerable.Range(10, 20).Select(key => host.Grains.GetGrain<ILiving>(key).Life()));

        await host.StopAsync();

        foreach (int life in lives)
        {
            await Signals.Wait($"life {life} ended {DeactivationReasonCode.ShuttingDown}");
        }

        await host.DisposeAsync();
    }

    [Fact]
    public async Task Stateless_workers_process_requests_of_one_grain_side_by_side()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<IWorkers>(0);

        var first = grain.Work("worker 1");
        await Signals.Wait("worker 1 started");
        var second = grain.Work("worker 2");
        await Signals.Wait("worker 2 started");
        Signals.Set("worker 1 leave");
        Signals.Set("worker 2 leave");

        Assert.NotEqual(await first, await second);
    }

    [Fact]
    public async Task Services_of_an_activation_are_disposed_with_it()
    {
        await using var host = await GrainHost.StartAsync(silo => silo.Services.AddScoped<Resource>());
        var grain = host.Grains.GetGrain<IOwner>(5);

        await grain.End();

        await Signals.Wait("resource 5 disposed");
    }

    [Fact]
    public void An_option_that_is_not_set_has_Orleans_default()
    {
        Assert.Equal(TimeSpan.FromSeconds(30), new SiloMessagingOptions().ResponseTimeout);
        Assert.Equal(TimeSpan.FromMinutes(15), new GrainCollectionOptions().CollectionAge);
        Assert.Equal("default", new ClusterOptions().ClusterId);
    }

    internal interface ILiving : IGrainWithIntegerKey
    {
        Task<int> Life();

        Task End();

        Task EndSlowly(string name);
    }

    internal interface IWorkers : IGrainWithIntegerKey
    {
        Task<int> Work(string name);
    }

    internal interface IOwner : IGrainWithIntegerKey
    {
        Task End();
    }

    internal sealed class Living : Grain, ILiving
    {
        private static int _lives;
        private int _life;

        public override async Task OnActivateAsync(CancellationToken cancellationToken)
        {
            await Task.Yield();
            if (this.GetPrimaryKeyLong() < 0)
            {
                throw new InvalidDataException("It does not want to live.");
            }

            _life = Interlocked.Increment(ref _lives);
        }

        public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
        {
            await Task.Yield();
            Signals.Set($"life {_life} ended {reason.ReasonCode}");
        }

        public Task<int> Life() => Task.FromResult(_life);

        public Task End()
        {
            DeactivateOnIdle();
            return Task.CompletedTask;
        }

        public async Task EndSlowly(string name)
        {
            DeactivateOnIdle();
            Signals.Set($"{name} ending");
            await Signals.Wait($"{name} continue");
        }
    }

    [Concurrency.StatelessWorker(2)]
    internal sealed class Workers : Grain, IWorkers
    {
        private static int _workers;
        private readonly int _worker = Interlocked.Increment(ref _workers);

        public async Task<int> Work(string name)
        {
            Signals.Set($"{name} started");
            await Signals.Wait($"{name} leave");
            return _worker;
        }
    }

    internal sealed class Resource(Runtime.IGrainContext context) : IDisposable
    {
        private readonly string _name = $"resource {context.GrainId.Key}";

        public void Dispose() => Signals.Set($"{_name} disposed");
    }

    internal sealed class Owner(Resource resource) : Grain, IOwner
    {
        public Task End()
        {
            ArgumentNullException.ThrowIfNull(resource);
            DeactivateOnIdle();
            return Task.CompletedTask;
        }
    }
}
