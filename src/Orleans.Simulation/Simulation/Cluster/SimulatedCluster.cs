using Orleans.Runtime;

namespace Orleans.Simulation;

/// <summary>
/// A cluster of silos in one process, on one thread and in virtual time, in which everything that could happen in one order or another
/// is drawn from a seed: the same seed, code and calls give the same run, event by event. It belongs to the thread that makes it;
/// anything that reaches it from another thread fails the run.
/// </summary>
/// <remarks>
/// It has no thread and no clock of its own: nothing happens but in <see cref="Run(Func{bool}, TimeSpan)"/> and the methods that call it.
/// Methods that inject faults may be called between runs, from <see cref="After"/>, or from the conditions.
/// </remarks>
public sealed partial class SimulatedCluster : IDisposable
{
    private static readonly TimeSpan DefaultLimit = TimeSpan.FromMinutes(10);

    private readonly SimulationOptions _options;
    private readonly Dictionary<string, MemoryStorage> _records = [];
    private readonly Dictionary<SiloAddress, SiloNode> _byAddress = [];
    private readonly List<SimulatedSilo> _silos = [];
    private readonly Dictionary<string, int> _indices = [];
    private Exception? _failure;
    private bool _running;

    /// <summary>Makes a cluster without silos.</summary>
    /// <param name="seed">What everything is drawn from.</param>
    /// <param name="options">What the cluster is made of.</param>
    public SimulatedCluster(ulong seed, SimulationOptions? options = null)
    {
        Seed = seed;
        _options = options ?? new SimulationOptions();
        Sentinel = new ThreadSentinel(_options.ForeignThreadPatience);
        Log = new EventLog(Clock);
        Turns = new TurnPool(new SimulatedRandom(seed, "turns"));
        Directory = new ClusterDirectory(this, new SimulatedRandom(seed, "placement"), _options.Placement);
        Router = new MessageRouter(this, new SimulatedRandom(seed, "network"));
        Membership = new Membership(this, new SimulatedRandom(seed, "membership"));
        StorageRandom = new SimulatedRandom(seed, "storage");
        Network.BandwidthChanged = Router.OnBandwidthChanged;
        ClientNode = new SiloNode(this, _options, ClientName, index: 0, generation: 1);
        _byAddress.Add(ClientNode.Address, ClientNode);
    }

    /// <summary>Something happened. For timelines and checkers, which must not change the run.</summary>
    public event Action<SimulationEvent>? Observed
    {
        add => Log.Observed += value;
        remove => Log.Observed -= value;
    }

    /// <summary>A record was written. For checkers, which must not change the run; gets a state of their own.</summary>
    public event Action<StorageOperation, object?>? Stored;

    /// <summary>
    /// A turn of an activation has ended, so that its grain can be looked at: what it calls must not change the run. Nothing is spent on
    /// it while nobody listens; what a listener throws comes out of the run as it is.
    /// </summary>
    public event Action<SimulatedTurn>? TurnEnded;

    /// <summary>The name under which the client, which calls grains from outside, takes part in the network.</summary>
    public static string ClientName => "client";

    /// <summary>What everything is drawn from.</summary>
    public ulong Seed { get; }

    /// <summary>The virtual time since the beginning.</summary>
    public TimeSpan Now => TimeSpan.FromTicks(Clock.Now);

    /// <summary>Virtual time for code outside grains.</summary>
    public TimeProvider Time => ClientNode.Silo.Time;

    /// <summary>How messages fare.</summary>
    public NetworkConditions Network { get; } = new();

    /// <summary>How storage fares.</summary>
    public StorageConditions Storage { get; } = new();

    /// <summary>How the cluster notices that silos come and go.</summary>
    public MembershipConditions MembershipConditions { get; } = new();

    /// <summary>A hash of all that has happened so far, in its order and with its times.</summary>
    public ulong EventHash => Log.Hash;

    /// <summary>How much has happened so far.</summary>
    public long EventCount => Log.Count;

    /// <summary>All silos that were ever started, in the order of their starts.</summary>
    public IReadOnlyList<SimulatedSilo> Silos => _silos;

    internal ThreadSentinel Sentinel { get; }

    internal VirtualClock Clock { get; } = new();

    internal EventLog Log { get; }

    internal TurnPool Turns { get; }

    internal ClusterDirectory Directory { get; }

    internal MessageRouter Router { get; }

    internal Membership Membership { get; }

    internal SimulatedRandom StorageRandom { get; }

    internal List<PendingOperation> StorageOperations { get; } = [];

    internal SiloNode ClientNode { get; }

    /// <summary>Starts a stream of random numbers for the code under test, such as a clock skew or a plan of faults.</summary>
    /// <param name="name">What it is for. The same name gives the same numbers.</param>
    /// <returns>The stream.</returns>
    public SimulatedRandom CreateRandom(string name) => new(Seed, $"application {name}");

    /// <summary>Starts code outside grains, which may call them and wait for virtual time. It runs when the cluster does.</summary>
    /// <param name="code">The code. All that it awaits must belong to the simulation.</param>
    /// <returns>Its end, which only a run brings about.</returns>
    public Task Start(Func<IGrainFactory, Task> code)
    {
        ArgumentNullException.ThrowIfNull(code);
        Sentinel.Require("start code");
        return ClientNode.Run(() => code(ClientNode.Silo.References), ownQueue: true).Unwrap();
    }

    /// <summary>Runs code outside grains, and the cluster with it, until the code has ended.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="code">The code, as in <see cref="Start"/>.</param>
    /// <param name="limit">How much virtual time it may take; ten minutes if null.</param>
    /// <returns>Its result; what it throws comes out as it is.</returns>
    /// <exception cref="SimulationException">The code has not ended in time, or the run failed.</exception>
    public T Call<T>(Func<IGrainFactory, Task<T>> code, TimeSpan? limit = null)
    {
        ArgumentNullException.ThrowIfNull(code);
        T result = default!;
        Call(async grains => { result = await code(grains); }, limit);
        return result;
    }

    /// <inheritdoc cref="Call{T}(Func{IGrainFactory, Task{T}}, TimeSpan?)"/>
    public void Call(Func<IGrainFactory, Task> code, TimeSpan? limit = null)
    {
        var ended = Start(code);
        if (!Run(() => ended.IsCompleted, limit ?? DefaultLimit))
        {
            throw new SimulationException($"Seed {Seed}: the code did not end within {limit ?? DefaultLimit} of virtual time.");
        }

        ended.GetAwaiter().GetResult();
    }

    /// <summary>Does something after a time, between two turns.</summary>
    /// <param name="delay">The time.</param>
    /// <param name="action">What to do, such as a fault.</param>
    public void After(TimeSpan delay, Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        Sentinel.Require("plan something");
        Clock.After(delay, action);
    }

    /// <summary>Ends all silos at once.</summary>
    public void Dispose()
    {
        foreach (var silo in _silos.Where(silo => !silo.IsGone))
        {
            silo.Node.End();
        }

        ClientNode.End();
    }

    internal SiloNode NodeAt(SiloAddress address) => _byAddress[address];

    internal MemoryStorage Records(string name)
    {
        if (!_records.TryGetValue(name, out var records))
        {
            _records[name] = records = new MemoryStorage(name, keepsVersions: true);
        }

        return records;
    }

    internal void NoteStored<T>(StorageOperation operation, Func<T?> state)
    {
        if (Stored is { } stored)
        {
            stored(operation, state());
        }
    }

    internal void Fail(Exception exception) => _failure ??= exception;
}
