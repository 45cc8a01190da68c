using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Runtime.Hosting;

namespace Orleans.Simulation;

/// <summary>
/// One life of a silo in a simulated cluster: its process, so to speak. The client's process is one as well, which hosts no grains.
/// </summary>
internal sealed class SiloNode : ITurnScheduler, IThreadGuard, IRequestCost, IMessageNetwork
{
    private readonly SimulatedCluster _cluster;
    private readonly ServiceProvider _services;
    private readonly List<TurnQueue> _held = [];
    private readonly Func<SimulatedRequest, TimeSpan>? _computingTime;

    public SiloNode(SimulatedCluster cluster, SimulationOptions options, string name, int index, int generation)
    {
        _cluster = cluster;
        _computingTime = options.ComputingTime;
        Name = name;
        Index = index;
        Generation = generation;
        System = new TurnQueue(null, this, NullLogger.Instance);
        Directory = new SiloDirectory(cluster.Directory, this);
        _services = BuildServices(options);
        _ = _services.GetRequiredService<Silo>();
    }

    public string Name { get; }

    /// <summary>Numbers the names of silos. The client has 0.</summary>
    public int Index { get; }

    public int Generation { get; }

    public bool IsClient => Index == 0;

    /// <summary>What the membership table says.</summary>
    public SiloStatus Status { get; set; } = SiloStatus.Created;

    /// <summary>Whether the process has ended, whatever the table says.</summary>
    public bool IsGone { get; private set; }

    public bool IsPaused { get; private set; }

    /// <summary>Whether the machine says that nothing listens any more; otherwise it says nothing at all.</summary>
    public bool RefusesConnections { get; set; } = true;

    /// <summary>Whether enough others have found the silo out of reach, and since which time.</summary>
    public object? Suspicion { get; set; }

    public Silo Silo { get; private set; } = null!;

    /// <summary>The turns of the silo itself: messages that arrive, timers, its start and its end.</summary>
    public TurnQueue System { get; }

    public SiloDirectory Directory { get; }

    /// <summary>How many turns wait because the silo stands still.</summary>
    public int HeldTurns
    {
        get
        {
            int turns = 0;
            foreach (var queue in _held)
            {
                turns += queue.Count;
            }

            return turns;
        }
    }

    /// <summary>What passes the messages that the process sends; null while no bandwidth was limited.</summary>
    public Connection? Sending { get; set; }

    /// <summary>What passes the messages that come to the process; null while no bandwidth was limited.</summary>
    public Connection? Receiving { get; set; }

    public IServiceProvider Services => _services;

    public SiloAddress Address => Silo.Address;

    void IMessageNetwork.Join(Silo silo) => Silo = silo;

    void IMessageNetwork.Send(IMessage message)
    {
        if (!_cluster.Sentinel.AtHome)
        {
            _cluster.Sentinel.Require($"call {(message as RequestMessage)?.ToString() ?? "a grain"}");
        }

        _cluster.Router.Send(this, message);
    }

    bool IThreadGuard.Admits(TurnQueue queue, object item) => _cluster.Sentinel.Admits(queue, item);

    void IThreadGuard.OnTimeout(RequestMessage request)
    {
        if (request.Activation is { } activation
            && activation.IsRunning(request)
            && !activation.Turns.IsOccupied
            && _cluster.NodeAt(activation.Silo.Address) is { IsGone: false, IsPaused: false })
        {
            _cluster.Sentinel.AwaitForeigner(request.Method);
        }
    }

    TimeSpan IRequestCost.Of(RequestMessage request)
    {
        if (_computingTime is null)
        {
            return TimeSpan.Zero;
        }

        try
        {
            return _computingTime(new(Name, request.Target, request.Method.ToString(), request.Arguments));
        }
        catch (Exception exception)
        {
            // The harness is wrong, and not the grain that is called.
            _cluster.Fail(exception);
            return TimeSpan.Zero;
        }
    }

    void IRequestCost.Spend(TimeSpan time, TurnQueue queue, WorkItem next)
    {
        queue.Occupy();
        _cluster.Clock.After(time, () => queue.Release(next));
    }

    void ITurnScheduler.Schedule(TurnQueue queue)
    {
        if (IsPaused)
        {
            _held.Add(queue);
        }
        else if (!IsGone)
        {
            _cluster.Turns.Add(queue, this);
        }
    }

    /// <summary>Does something in a turn of the silo.</summary>
    public void Enqueue(Action action) => System.Enqueue(new ActionItem(_cluster, action));

    /// <summary>Runs code as turns of the silo, each piece of code in a queue of its own.</summary>
    public Task<Task> Run(Func<Task> code, bool ownQueue) => Task.Factory.StartNew(
        code,
        CancellationToken.None,
        TaskCreationOptions.DenyChildAttach,
        ownQueue ? new TurnQueue(null, this, NullLogger.Instance) : System);

    public void Pause()
    {
        IsPaused = true;
        _held.AddRange(_cluster.Turns.Remove(this));
    }

    public void Resume()
    {
        IsPaused = false;
        foreach (var queue in _held)
        {
            _cluster.Turns.Add(queue, this);
        }

        _held.Clear();
    }

    /// <summary>The process ends: nothing of it runs again.</summary>
    public void End()
    {
        IsGone = true;
        IsPaused = false;
        _held.Clear();
        _ = _cluster.Turns.Remove(this);
    }

    public async Task StartAsync()
    {
        foreach (var service in _services.GetServices<IHostedService>())
        {
            await service.StartAsync(CancellationToken.None);
        }
    }

    public async Task StopAsync()
    {
        // As a host does, so that a grain that never ends does not keep the silo for ever.
        using var timeout = new CancellationTokenSource(new HostOptions().ShutdownTimeout, Silo.Time);
        foreach (var service in _services.GetServices<IHostedService>().Reverse())
        {
            await service.StopAsync(timeout.Token);
        }

        await _services.DisposeAsync();
    }

    private ServiceProvider BuildServices(SimulationOptions options)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(new SiloTime(_cluster, this));
        services.AddSingleton<ITurnScheduler>(this);
        services.AddSingleton<IMessageNetwork>(this);
        services.AddSingleton<IActivationDirectory>(Directory);
        services.AddSingleton<IClusterView>(_cluster.Membership);
        services.AddSingleton(new SiloGeneration(Generation));
        var builder = SiloServices.Add(services, new ConfigurationBuilder().Build());
        builder.Configure<SiloOptions>(silo => silo.SiloName = Name);
        builder.Configure<EndpointOptions>(endpoint =>
        {
            endpoint.AdvertisedIPAddress = IPAddress.Loopback;
            endpoint.SiloPort = EndpointOptions.DEFAULT_SILO_PORT + Index;
            endpoint.GatewayPort = EndpointOptions.DEFAULT_GATEWAY_PORT + Index;
        });
        foreach (string storage in options.StorageNames)
        {
            services.AddGrainStorage(storage, (_, name) => new SimulatedStorage(_cluster, this, name));
        }

        options.ConfigureSilo?.Invoke(Name, builder);
        return services.BuildServiceProvider();
    }

    private sealed class ActionItem(SimulatedCluster cluster, Action action) : WorkItem
    {
        public override void Execute()
        {
            try
            {
                action();
            }
            catch (Exception exception)
            {
                // Outside grains nobody catches it: a process would end.
                cluster.Fail(exception);
            }
        }
    }
}
