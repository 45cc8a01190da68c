namespace Mnist.Coordinator.Service;

/// <summary>A worker of a running run.</summary>
public sealed record WorkerView
{
    /// <summary>The run.</summary>
    public required string RunId { get; init; }

    /// <summary>Index of the worker within the run.</summary>
    public required int Worker { get; init; }

    /// <summary>Whether it answered its last call.</summary>
    public required bool IsLive { get; init; }

    /// <summary>Whether it owed work in the last round and was not heard of.</summary>
    public required bool IsSuspect { get; init; }

    /// <summary>Silo that it was last seen on; empty before it was seen.</summary>
    public required string Silo { get; init; }

    /// <summary>Shards that it leases.</summary>
    public required IReadOnlyList<int> Shards { get; init; }

    /// <summary>Computing time of a slice, microseconds; 0 when unknown.</summary>
    public required double MicrosecondsPerSlice { get; init; }

    /// <summary>Its part of the samples applied a second, of late.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>Part of its time of late, 0 to 1, in which it had delivered everything and waited for the others.</summary>
    public required double BarrierWait { get; init; }
}

/// <summary>Who works on a run from a moment on.</summary>
/// <param name="Step">Steps applied by then.</param>
/// <param name="Owners">Worker that leases each shard, -1 for nobody.</param>
/// <param name="Workers">Each worker.</param>
public sealed record WorkersChange(
    long Step, IReadOnlyList<int> Owners, IReadOnlyList<WorkerPresence> Workers);

/// <summary>Whether and where a worker is there.</summary>
/// <param name="Worker">Index of the worker.</param>
/// <param name="IsLive">Whether it answers.</param>
/// <param name="Silo">Silo that it was last seen on.</param>
public sealed record WorkerPresence(int Worker, bool IsLive, string Silo);

/// <summary>Who worked on a run, and when.</summary>
/// <param name="Seconds">Seconds since the run was begun, pauses included; the end of what is known.</param>
/// <param name="Spans">Stretches of time in which nothing about a worker changed, in the order of their beginnings.</param>
/// <param name="Marks">What happened besides, ascending.</param>
public sealed record WorkerTimeline(double Seconds, IReadOnlyList<WorkerSpan> Spans, IReadOnlyList<TimelineMark> Marks);

/// <summary>A stretch of time in which nothing about a worker changed.</summary>
/// <param name="Worker">Index of the worker.</param>
/// <param name="FromSeconds">Its beginning, seconds since the run was begun.</param>
/// <param name="ToSeconds">Its end.</param>
/// <param name="IsLive">Whether the worker answered.</param>
/// <param name="Silo">Where it was.</param>
/// <param name="Shards">Shards that it leased.</param>
public sealed record WorkerSpan(
    int Worker, double FromSeconds, double ToSeconds, bool IsLive, string Silo, IReadOnlyList<int> Shards);

/// <summary>Something that happened at a moment: a fault, a pause, an end.</summary>
/// <param name="Seconds">Seconds since the run was begun.</param>
/// <param name="Type">Type of the event.</param>
/// <param name="Worker">The worker that it happened to; null where it is about the whole run.</param>
/// <param name="Text">A few words.</param>
public sealed record TimelineMark(double Seconds, string Type, int? Worker, string Text);

/// <summary>A silo.</summary>
/// <param name="Address">IP address, port and generation.</param>
/// <param name="Status">What it is doing, in a word.</param>
/// <param name="Activations">Grains on it, by class.</param>
public sealed record SiloView(string Address, string Status, IReadOnlyDictionary<string, int> Activations);

/// <summary>Kinds of faults that can be injected.</summary>
public enum InjectedFaultKind
{
    /// <summary>A worker ends in the midst of its work and does not come back for a while.</summary>
    KillWorker,

    /// <summary>A worker computes more slowly for a while.</summary>
    SlowWorker,

    /// <summary>Messages between a worker and the parameter servers are lost for a while.</summary>
    DropMessages,

    /// <summary>A parameter server's activation ends without a checkpoint.</summary>
    KillServer,
}

/// <summary>A fault to inject.</summary>
public sealed record FaultOrder
{
    /// <summary>The run.</summary>
    public required string RunId { get; init; }

    /// <summary>What is to go wrong.</summary>
    public required InjectedFaultKind Kind { get; init; }

    /// <summary>Index of the worker, or of the partition for <see cref="InjectedFaultKind.KillServer"/>.</summary>
    public int Target { get; init; }

    /// <summary>How long it lasts.</summary>
    public double Seconds { get; init; } = 5;

    /// <summary>For <see cref="InjectedFaultKind.SlowWorker"/>: how many times as long computing takes.</summary>
    public double Factor { get; init; } = 4;

    /// <summary>For <see cref="InjectedFaultKind.DropMessages"/>: part of the messages that are lost, 0 to 1.</summary>
    public double Probability { get; init; } = 1;
}

/// <summary>What this coordinator is.</summary>
public sealed record ServiceView
{
    /// <summary>Version of the program.</summary>
    public required string Version { get; init; }

    /// <summary>Edition of the program.</summary>
    public required string Edition { get; init; }

    /// <summary>The machine in words.</summary>
    public required string Machine { get; init; }

    /// <summary>Name of the data set.</summary>
    public required string Dataset { get; init; }

    /// <summary>Names of the recipes with a few words about each.</summary>
    public required IReadOnlyDictionary<string, string> Recipes { get; init; }

    /// <summary>Runs that are trained at the same time; others wait.</summary>
    public required int RunsAtOnce { get; init; }

    /// <summary>Whether faults can be injected.</summary>
    public required bool FaultsEnabled { get; init; }

    /// <summary>Whether silos elsewhere compute.</summary>
    public required bool IsCluster { get; init; }
}
