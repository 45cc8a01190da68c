using Orleans.Hosting;

namespace Orleans.Simulation;

/// <summary>A range of lengths of time, both ends included.</summary>
/// <param name="Min">The shortest.</param>
/// <param name="Max">The longest.</param>
public readonly record struct TimeRange(TimeSpan Min, TimeSpan Max)
{
    /// <summary>A range in milliseconds.</summary>
    /// <param name="min">The shortest.</param>
    /// <param name="max">The longest.</param>
    /// <returns>The range.</returns>
    public static TimeRange Milliseconds(double min, double max) => new(TimeSpan.FromMilliseconds(min), TimeSpan.FromMilliseconds(max));

    /// <summary>A range in seconds.</summary>
    /// <param name="min">The shortest.</param>
    /// <param name="max">The longest.</param>
    /// <returns>The range.</returns>
    public static TimeRange Seconds(double min, double max) => new(TimeSpan.FromSeconds(min), TimeSpan.FromSeconds(max));
}

/// <summary>What a simulated cluster is made of.</summary>
public sealed class SimulationOptions
{
    /// <summary>Configures each silo, and the client, as it starts; gets its name. Anything shared between silos is captured.</summary>
    public Action<string, ISiloBuilder>? ConfigureSilo { get; set; }

    /// <summary>The names of the storage providers that the cluster has. Their records outlive silos.</summary>
    public IReadOnlyList<string> StorageNames { get; set; } = [Providers.ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME];

    /// <summary>
    /// How much virtual time a turn takes, so that turns that follow each other for ever do not stop the clock.
    /// </summary>
    public TimeSpan TurnDuration { get; set; } = TimeSpan.FromMicroseconds(1);

    /// <summary>
    /// How much real time a run that is stuck, or in which a call times out while it runs, gives another thread to show itself, so that
    /// the failure names the code that left the simulation. It changes nothing in the run.
    /// </summary>
    public TimeSpan ForeignThreadPatience { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// How much virtual time a request occupies the activation that it is for, after the rules about interleaving let it start and
    /// before its method's first turn; zero or less for none. The activation handles nothing else meanwhile: no other request, no tick,
    /// nothing that follows an <c>await</c>. Other activations go on, as if each had a core. The time also passes while the silo stands
    /// still. Must be deterministic. Null, which costs nothing, lets no request take time.
    /// </summary>
    public Func<SimulatedRequest, TimeSpan>? ComputingTime { get; set; }

    /// <summary>
    /// Names the silo on which a grain that has no activation is to get one, in place of the strategy of its class, as a placement
    /// director of the application does. Where it gives null, or a silo that is not active, the strategy decides. Must be deterministic.
    /// </summary>
    public Func<Runtime.GrainId, string?>? Placement { get; set; }
}

/// <summary>A request that is about to be handled.</summary>
/// <param name="Silo">The name of the silo.</param>
/// <param name="Grain">The grain.</param>
/// <param name="Method">The method, as "interface.method".</param>
/// <param name="Arguments">The arguments, as the caller passed them.</param>
public readonly record struct SimulatedRequest(string Silo, Runtime.GrainId Grain, string Method, IReadOnlyList<object?> Arguments);

/// <summary>How the cluster notices that silos come and go. May change during a run.</summary>
public sealed class MembershipConditions
{
    /// <summary>How long a silo must be out of reach until the others declare it dead.</summary>
    public TimeRange FailureDetection { get; set; } = TimeRange.Seconds(5, 15);

    /// <summary>How many silos must find another out of reach; all that there are, if there are fewer.</summary>
    public int VotesForDeath { get; set; } = 2;

    /// <summary>How long a silo that was declared dead, but runs, takes to learn of it. Then it terminates itself.</summary>
    public TimeRange DeathNotice { get; set; } = TimeRange.Seconds(0, 5);

    /// <summary>For each grain and each change of membership, the probability that it may have two activations for a while.</summary>
    public double DuplicateProbability { get; set; }

    /// <summary>How long a grain may have two activations.</summary>
    public TimeRange DuplicateWindow { get; set; } = TimeRange.Seconds(1, 10);
}
