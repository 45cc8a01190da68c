namespace Orleans.Simulation;

/// <summary>
/// How messages between silos fare. May change during a run. Messages within a silo are neither late nor lost, and take no bandwidth.
/// </summary>
/// <remarks>
/// Where there is a limit of bandwidth, a message waits until its sender's connection has passed those before it, takes its size divided
/// by the rate there, then travels for its delay, and takes its size divided by the rate again at its receiver's connection, behind those
/// that came before it from anywhere. Messages that are lost on their way take no bandwidth. When a process crashes, what waits in its
/// connection is lost with it; when it ends in an orderly way, that still leaves. A change of limits holds at once, also for messages that
/// wait and for the rest of one that is under way: without its limit a connection passes them immediately, and none is bound to a time
/// that was worked out before. A message that left while nothing was limited is not slowed any more. What silos do to notice each
/// other's failures takes no bandwidth either, and is not slowed.
/// </remarks>
public sealed class NetworkConditions
{
    private readonly Dictionary<string, Bandwidth> _limits = [];

    /// <summary>How long a message travels. Each draws its own delay, so that messages overtake each other.</summary>
    public TimeRange Delay { get; set; } = TimeRange.Milliseconds(0.1, 2);

    /// <summary>The probability that a message is lost: a request, a response or a cancellation.</summary>
    public double LossProbability { get; set; }

    /// <summary>Decides that a certain message is lost. Must be deterministic.</summary>
    public Func<SimulatedMessage, bool>? Loses { get; set; }

    /// <summary>
    /// How many bytes a message has, zero or more. Asked only while there are limits of bandwidth, which need it. Must be deterministic.
    /// </summary>
    public Func<SimulatedPayload, long>? MessageSize { get; set; }

    /// <summary>
    /// Makes of an argument or a result what another silo gets: an object of its own, as over a real network, where the harness wants to
    /// see who changes or keeps what. Must be deterministic. Without it, silos share what they send, which is immutable.
    /// </summary>
    public Func<object, object>? Transfer { get; set; }

    /// <summary>What each connection carries, of a silo or of the client, that has no limit of its own.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A rate is not above 0.</exception>
    /// <exception cref="InvalidOperationException">There is no <see cref="MessageSize"/>.</exception>
    public Bandwidth Bandwidth
    {
        get;
        set
        {
            Validate(value);
            field = value;
            OnBandwidthChanged();
        }
    } = Bandwidth.Unlimited;

    /// <summary>Whether anything has a limit.</summary>
    internal bool HasLimits { get; private set; }

    /// <summary>Called when limits have changed.</summary>
    internal Action? BandwidthChanged { get; set; }

    /// <summary>Gives one silo's connection a limit of its own.</summary>
    /// <param name="silo">The silo's name, or <see cref="SimulatedCluster.ClientName"/>. It holds for all lives of that name.</param>
    /// <param name="bandwidth">What the connection carries; may be <see cref="Bandwidth.Unlimited"/>, whatever the others carry.</param>
    /// <exception cref="ArgumentOutOfRangeException">A rate is not above 0.</exception>
    /// <exception cref="InvalidOperationException">There is no <see cref="MessageSize"/>.</exception>
    public void LimitBandwidth(string silo, Bandwidth bandwidth)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(silo);
        Validate(bandwidth);
        _limits[silo] = bandwidth;
        OnBandwidthChanged();
    }

    /// <summary>Takes one silo's own limit away: <see cref="Bandwidth"/> holds for it again.</summary>
    /// <param name="silo">The silo's name, or <see cref="SimulatedCluster.ClientName"/>.</param>
    public void LiftBandwidthLimit(string silo)
    {
        if (_limits.Remove(silo))
        {
            OnBandwidthChanged();
        }
    }

    /// <summary>What a silo's connection carries now.</summary>
    /// <param name="silo">The silo's name, or <see cref="SimulatedCluster.ClientName"/>.</param>
    /// <returns>Its own limit or that of all.</returns>
    public Bandwidth BandwidthOf(string silo) => _limits.TryGetValue(silo, out var limit) ? limit : Bandwidth;

    private void Validate(Bandwidth bandwidth)
    {
        if (!(bandwidth.Send > 0 && bandwidth.Receive > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(bandwidth), bandwidth, "A connection carries more than 0 bytes a second.");
        }

        if (MessageSize is null && bandwidth != Bandwidth.Unlimited)
        {
            throw new InvalidOperationException($"A limit of bandwidth needs to know the size of messages: set {nameof(MessageSize)}.");
        }
    }

    private void OnBandwidthChanged()
    {
        HasLimits = Bandwidth != Bandwidth.Unlimited || _limits.Values.Any(limit => limit != Bandwidth.Unlimited);
        BandwidthChanged?.Invoke();
    }
}

/// <summary>What a connection carries, in bytes a second and in both directions at the same time.</summary>
/// <param name="Send">What it carries away from the silo. Above 0; infinite if there is no limit.</param>
/// <param name="Receive">What it carries to the silo. Above 0; infinite if there is no limit.</param>
public readonly record struct Bandwidth(double Send, double Receive)
{
    /// <summary>No limit: messages take no time but their delay.</summary>
    public static Bandwidth Unlimited { get; } = new(double.PositiveInfinity, double.PositiveInfinity);

    /// <summary>The same limit in each direction.</summary>
    /// <param name="bytesPerSecond">The limit.</param>
    /// <returns>Both limits.</returns>
    public static Bandwidth EachWay(double bytesPerSecond) => new(bytesPerSecond, bytesPerSecond);
}

/// <summary>What a message carries.</summary>
/// <param name="Kind">What kind of message it is.</param>
/// <param name="Method">The method that is called, as "interface.method".</param>
/// <param name="Arguments">The arguments of a request; empty otherwise.</param>
/// <param name="Result">The result that a response brings, if there is one.</param>
/// <param name="Failure">The exception that a response brings instead.</param>
public readonly record struct SimulatedPayload(
    SimulatedMessageKind Kind, string Method, IReadOnlyList<object?> Arguments, object? Result, Exception? Failure);

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
