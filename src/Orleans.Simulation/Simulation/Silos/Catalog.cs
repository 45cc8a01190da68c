using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Orleans.Simulation;

/// <summary>The activations of one silo.</summary>
internal sealed class Catalog(Silo silo, IActivationDirectory directory)
{
    private readonly ConcurrentDictionary<ActivationId, Activation> _activations = new();
    private readonly ConcurrentDictionary<GrainId, WorkerPool> _workers = new();

    /// <summary>All activations, in the order in which they were made.</summary>
    public IReadOnlyList<Activation> All => [.. _activations.Values.OrderBy(activation => activation.Number)];

    /// <summary>The activation that is to process a grain's next request, if there is one already.</summary>
    public Activation? Find(GrainId grain) =>
        directory.Find(grain) ?? (_workers.TryGetValue(grain, out var pool) ? pool.FindIdle() : null);

    /// <summary>Makes an activation of a grain that has none here, unless it turns out to have one elsewhere.</summary>
    /// <returns>The grain's activation, which may be another silo's.</returns>
    public Activation GetOrCreate(GrainId grain)
    {
        var grainClass = GrainManifest.Instance[grain.Type];
        return grainClass.Placement is StatelessWorkerPlacement { MaxLocalWorkers: var most }
            ? _workers.GetOrAdd(grain, _ => new WorkerPool(most)).Choose(() => Create(grainClass, grain))
            : Register(Create(grainClass, grain));
    }

    public void Remove(Activation activation)
    {
        directory.Unregister(activation);
        _ = _activations.TryRemove(activation.ActivationId, out _);
        if (_workers.TryGetValue(activation.GrainId, out var pool))
        {
            pool.Remove(activation);
        }
    }

    /// <summary>Ends the activations that have been idle for some time.</summary>
    public void Collect(TimeSpan age)
    {
        foreach (var activation in All)
        {
            activation.Turns.Enqueue(new CollectionItem(activation, age));
        }
    }

    private Activation Create(GrainClass grainClass, GrainId grain)
    {
        var activation = new Activation(silo, grainClass, grain, silo.NextNumber());
        _ = _activations.TryAdd(activation.ActivationId, activation);
        return activation;
    }

    private Activation Register(Activation created)
    {
        var registered = directory.Register(created);
        if (!ReferenceEquals(registered, created))
        {
            _ = _activations.TryRemove(created.ActivationId, out _);
        }

        return registered;
    }

    private sealed class CollectionItem(Activation activation, TimeSpan age) : WorkItem
    {
        public override void Execute() => activation.Collect(age);
    }

    /// <summary>The activations that share the requests of one grain.</summary>
    private sealed class WorkerPool(int most)
    {
        private readonly Lock _lock = new();
        private readonly List<Activation> _workers = [];

        public Activation? FindIdle()
        {
            lock (_lock)
            {
                return _workers.Find(worker => worker.Load == 0);
            }
        }

        public Activation Choose(Func<Activation> create)
        {
            lock (_lock)
            {
                var idlest = _workers.MinBy(worker => worker.Load);
                if (idlest is null || (idlest.Load > 0 && _workers.Count < most))
                {
                    idlest = create();
                    _workers.Add(idlest);
                }

                return idlest;
            }
        }

        public void Remove(Activation worker)
        {
            lock (_lock)
            {
                _ = _workers.Remove(worker);
            }
        }
    }
}
