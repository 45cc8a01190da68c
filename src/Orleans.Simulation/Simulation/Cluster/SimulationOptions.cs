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
}

/// <summary>How messages between silos fare. May change during a run. Messages within a silo are neither late nor lost.</summary>
public sealed class NetworkConditions
{
    /// <summary>How long a message travels. Each draws its own delay, so that messages overtake each other.</summary>
    public TimeRange Delay { get; set; } = TimeRange.Milliseconds(0.1, 2);

    /// <summary>The probability that a message is lost: a request, a response or a cancellation.</summary>
    public double LossProbability { get; set; }

    /// <summary>Decides that a certain message is lost. Must be deterministic.</summary>
    public Func<SimulatedMessage, bool>? Loses { get; set; }
}

/// <summary>What kind of message it is.</summary>
public enum SimulatedMessageKind
{
    /// <summary>A call on its way to the callee.</summary>
    Request,

    /// <summary>An outcome on its way back.</summary>
    Response,

    /// <summary>The news that the caller does not wait any more.</summary>
    Cancellation,
}

/// <summary>A message between silos.</summary>
/// <param name="Kind">What kind of message it is.</param>
/// <param name="From">The name of the silo, or of the client, that sends it.</param>
/// <param name="To">The name of the silo, or of the client, to which it goes.</param>
/// <param name="Grain">The grain that is called.</param>
/// <param name="Method">The method that is called, as "interface.method".</param>
public readonly record struct SimulatedMessage(
    SimulatedMessageKind Kind, string From, string To, Runtime.GrainId Grain, string Method);

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
