using Mnist.Grains.Contracts;

namespace Mnist.Grains.Hosting;

/// <summary>
/// What goes wrong on purpose with the workers of this process. Without such a service, which is only there where fault injection
/// is switched on, grains refuse to be harmed.
/// </summary>
/// <param name="time">Tells when a fault is over.</param>
public sealed class FaultInjection(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Worker, WorkerFaultKind Kind), Injected> _faults = [];

    /// <summary>Lets something go wrong from now on; it replaces a fault of the same kind.</summary>
    /// <param name="worker">Key of the worker's grain.</param>
    /// <param name="fault">What is to go wrong.</param>
    public void Inject(string worker, WorkerFault fault)
    {
        lock (_lock)
        {
            _faults[(worker, fault.Kind)] = new Injected(fault, time.GetTimestamp());
        }
    }

    /// <summary>Whether a worker is not to begin.</summary>
    public bool IsKilled(string worker) => Find(worker, WorkerFaultKind.Kill) is not null;

    /// <summary>How many times as long a worker's computing is to take.</summary>
    public double SlowdownOf(string worker) => Find(worker, WorkerFaultKind.Slow) is { } slow ? Math.Max(1, slow.Fault.Extent) : 1;

    /// <summary>Whether the next call of a worker is to be lost. Losses are spread evenly.</summary>
    public bool LosesNext(string worker)
    {
        if (Find(worker, WorkerFaultKind.Drop) is not { } drop)
        {
            return false;
        }

        drop.Owed += drop.Fault.Extent;
        var isLost = drop.Owed >= 1;
        drop.Owed -= isLost ? 1 : 0;
        return isLost;
    }

    private Injected? Find(string worker, WorkerFaultKind kind)
    {
        lock (_lock)
        {
            if (!_faults.TryGetValue((worker, kind), out var injected))
            {
                return null;
            }

            if (time.GetElapsedTime(injected.Since) < injected.Fault.Duration)
            {
                return injected;
            }

            _faults.Remove((worker, kind));
            return null;
        }
    }

    private sealed class Injected(WorkerFault fault, long since)
    {
        public WorkerFault Fault { get; } = fault;

        public long Since { get; } = since;

        /// <summary>Losses that are due, as a fraction of a call.</summary>
        public double Owed { get; set; }
    }
}
