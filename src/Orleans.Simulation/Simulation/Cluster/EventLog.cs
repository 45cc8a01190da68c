using System.Text;
using Orleans.Runtime;

namespace Orleans.Simulation;

/// <summary>What happened. Hashes are made of the values: new ones come last.</summary>
public enum SimulationEventKind
{
    /// <summary>A turn begins: of an activation, of a client's code, or of a silo itself.</summary>
    Turn,

    /// <summary>A timer fires.</summary>
    Timer,

    /// <summary>A message leaves.</summary>
    MessageSent,

    /// <summary>A message from another silo is there.</summary>
    MessageDelivered,

    /// <summary>A message is lost.</summary>
    MessageLost,

    /// <summary>A request comes back, because the silo to which it goes does not exist.</summary>
    MessageRejected,

    /// <summary>A grain is activated on a silo for its first request. Its object is constructed in its first turn, after this.</summary>
    ActivationCreated,

    /// <summary>From now on a grain may have two activations.</summary>
    DuplicateBegins,

    /// <summary>The grain has one activation again; another, if there is one, is deactivated.</summary>
    DuplicateEnds,

    /// <summary>Storage executes an operation.</summary>
    StorageExecuted,

    /// <summary>Storage does not execute an operation, or its acknowledgement is lost.</summary>
    StorageFault,

    /// <summary>A silo begins to start.</summary>
    SiloStarting,

    /// <summary>A silo is active.</summary>
    SiloActive,

    /// <summary>A silo begins to stop in an orderly way.</summary>
    SiloStopping,

    /// <summary>A silo has stopped in an orderly way.</summary>
    SiloStopped,

    /// <summary>A silo crashes.</summary>
    SiloCrashed,

    /// <summary>A silo stands still.</summary>
    SiloPaused,

    /// <summary>A silo goes on.</summary>
    SiloResumed,

    /// <summary>The others declare a silo dead.</summary>
    SiloDeclaredDead,

    /// <summary>A silo learns that it was declared dead, and ends at once.</summary>
    SiloTerminated,

    /// <summary>Messages from one silo to another are lost from now on.</summary>
    Partitioned,

    /// <summary>Messages from one silo to another arrive again.</summary>
    Healed,

    /// <summary>
    /// An activation is gone: deactivated, or not activated after all. What vanishes with a silo that crashes does not end in this way.
    /// For observers only: it follows from the turns, and so is neither counted nor hashed.
    /// </summary>
    ActivationEnded,
}

/// <summary>Something that happened in a simulated cluster.</summary>
/// <param name="Number">
/// Counts the events of the run from 1; <see cref="SimulationEventKind.ActivationEnded"/> has the number of the event before it.
/// </param>
/// <param name="Time">The virtual time.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Silo">The name of the silo where it happened; "client" outside silos.</param>
/// <param name="Generation">Tells the lives of silos of one name apart.</param>
/// <param name="Grain">The grain, where there is one.</param>
/// <param name="Detail">The method, the other silo or the record, where there is one.</param>
/// <param name="Instance">
/// The grain's object, for what happens to an activation: turns, its beginning and its end. Null elsewhere, and while the object is not
/// constructed yet. A turn's event comes before the turn; see <see cref="SimulatedCluster.TurnEnded"/>.
/// </param>
public readonly record struct SimulationEvent(
    long Number, TimeSpan Time, SimulationEventKind Kind, string Silo, int Generation, GrainId Grain, string? Detail, object? Instance);

/// <summary>A turn of an activation that has ended.</summary>
/// <param name="Silo">The silo's name.</param>
/// <param name="Generation">Tells the lives of silos of one name apart.</param>
/// <param name="Grain">The grain.</param>
/// <param name="Instance">The grain's object; null if its construction failed.</param>
public readonly record struct SimulatedTurn(string Silo, int Generation, GrainId Grain, object? Instance);

/// <summary>Counts and hashes what happens.</summary>
internal sealed class EventLog(VirtualClock clock)
{
    public ulong Hash { get; private set; }

    public long Count { get; private set; }

    public event Action<SimulationEvent>? Observed;

    public void Record(
        SimulationEventKind kind, SiloNode node, GrainId grain = default, string? detail = null, Activation? activation = null)
    {
        Count++;
        ulong hash = SimulatedRandom.Fold(Hash, (ulong)kind);
        hash = SimulatedRandom.Fold(hash, (ulong)clock.Now);
        hash = SimulatedRandom.Fold(hash, ((ulong)node.Index << 32) | (uint)node.Generation);
        if (!grain.IsDefault)
        {
            // Both halves hash their bytes, not strings, whose hashes change from process to process.
            hash = SimulatedRandom.Fold(
                hash, ((ulong)(uint)grain.Type.Value.GetHashCode() << 32) | (uint)grain.Key.GetHashCode());
        }

        Hash = detail is null ? hash : SimulatedRandom.Fold(hash, HashText(detail));
        Show(kind, node, grain, detail, activation);
    }

    /// <summary>Shows something to observers that is neither counted nor hashed.</summary>
    public void Show(SimulationEventKind kind, SiloNode node, GrainId grain, string? detail, Activation? activation) => Observed?.Invoke(
        new(Count, TimeSpan.FromTicks(clock.Now), kind, node.Name, node.Generation, grain, detail, activation?.GrainInstance));

    private static ulong HashText(string text)
    {
        Span<byte> bytes = stackalloc byte[256];
        return Encoding.UTF8.TryGetBytes(text, bytes, out int length)
            ? (uint)StableHashing.Hash(bytes[..length])
            : (uint)StableHashing.Hash(Encoding.UTF8.GetBytes(text));
    }
}
