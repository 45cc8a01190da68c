using Orleans.Runtime;

namespace Orleans.Simulation;

/// <summary>
/// Knows on which silo each grain is, and chooses one for a grain that has none. It is consistent and always in reach, except that a
/// grain may be given two activations for a while, as in Orleans when the directory's parts change owners with the membership.
/// </summary>
internal sealed class ClusterDirectory(SimulatedCluster cluster, SimulatedRandom random, Func<GrainId, string?>? placement)
{
    private readonly Dictionary<GrainId, Activation> _entries = [];
    private readonly Dictionary<GrainId, Split> _splits = [];

    /// <summary>Finds the silo that is to process a grain's next request from a silo; null if there are no silos.</summary>
    public SiloNode? Locate(SiloNode from, GrainId grain)
    {
        if (from.Directory.Find(grain) is not null)
        {
            return from;
        }

        if (_splits.TryGetValue(grain, out var split))
        {
            if (!split.Sides.TryGetValue(from, out bool second))
            {
                split.Sides[from] = second = random.NextBoolean(0.5);
            }

            return second ? split.Second : split.First;
        }

        return _entries.TryGetValue(grain, out var activation)
            ? cluster.NodeAt(activation.Silo.Address)
            : Place(from, grain);
    }

    /// <summary>Registers an activation unless the grain has one elsewhere.</summary>
    public Activation Register(SiloNode node, Activation activation)
    {
        bool mayBeSecond = node.Status == SiloStatus.Dead
            || (_splits.TryGetValue(activation.GrainId, out var split) && split.Second == node);
        if (_entries.TryGetValue(activation.GrainId, out var registered))
        {
            if (!mayBeSecond)
            {
                return registered;
            }
        }
        else if (node.Status != SiloStatus.Dead)
        {
            // One that was declared dead, and does not know it, registers nothing any more.
            _entries.Add(activation.GrainId, activation);
        }

        cluster.Log.Record(SimulationEventKind.ActivationCreated, node, activation.GrainId, activation: activation);
        return activation;
    }

    public void Unregister(SiloNode node, Activation activation)
    {
        if (_entries.TryGetValue(activation.GrainId, out var registered) && ReferenceEquals(registered, activation))
        {
            _ = _entries.Remove(activation.GrainId);
        }

        cluster.Log.Show(SimulationEventKind.ActivationEnded, node, activation.GrainId, null, activation);
    }

    /// <summary>Forgets what is on a silo that is dead.</summary>
    public void Forget(SiloNode dead)
    {
        foreach (var grain in _entries.Keys.Order().Where(grain => _entries[grain].Silo == dead.Silo).ToArray())
        {
            _ = _entries.Remove(grain);
        }

        foreach (var grain in _splits.Keys.Order().ToArray())
        {
            var split = _splits[grain];
            if (split.First == dead || split.Second == dead)
            {
                EndDuplicate(grain, split);
            }
        }
    }

    /// <summary>Lets grains have two activations, as many as are drawn.</summary>
    public void OnMembershipChanged()
    {
        if (cluster.MembershipConditions.DuplicateProbability > 0)
        {
            foreach (var grain in _entries.Keys.Order().ToArray())
            {
                if (random.NextBoolean(cluster.MembershipConditions.DuplicateProbability))
                {
                    _ = BeginDuplicate(grain);
                }
            }
        }
    }

    /// <summary>Lets a grain have two activations for a while.</summary>
    /// <returns>Whether it may: it has an activation, and there is a second silo for another.</returns>
    public bool BeginDuplicate(GrainId grain)
    {
        if (_splits.ContainsKey(grain) || !_entries.TryGetValue(grain, out var activation))
        {
            return false;
        }

        var first = cluster.NodeAt(activation.Silo.Address);
        SiloNode[] others = [.. cluster.Membership.Active.Where(node => node != first)];
        if (others.Length == 0)
        {
            return false;
        }

        var split = new Split(first, others[random.NextInt32(others.Length)]);
        _splits.Add(grain, split);
        cluster.Log.Record(SimulationEventKind.DuplicateBegins, split.Second, grain, first.Name);
        cluster.Clock.After(random.NextTime(cluster.MembershipConditions.DuplicateWindow), () => EndDuplicate(grain, split));
        return true;
    }

    private void EndDuplicate(GrainId grain, Split split)
    {
        if (!_splits.TryGetValue(grain, out var current) || current != split)
        {
            return;
        }

        _ = _splits.Remove(grain);
        Activation[] activations =
        [
            .. new[] { split.First, split.Second }.Where(node => !node.IsGone && node.Status != SiloStatus.Dead)
                .Select(node => node.Directory.Find(grain)).OfType<Activation>(),
        ];
        if (activations.Length == 0)
        {
            return;
        }

        var winner = activations[random.NextInt32(activations.Length)];
        _entries[grain] = winner;
        cluster.Log.Record(SimulationEventKind.DuplicateEnds, cluster.NodeAt(winner.Silo.Address), grain);
        foreach (var loser in activations.Where(activation => !ReferenceEquals(activation, winner)))
        {
            loser.Deactivate(new(DeactivationReasonCode.DuplicateActivation, "The grain has another activation."));
        }
    }

    private SiloNode? Place(SiloNode from, GrainId grain)
    {
        var active = cluster.Membership.Active;
        if (active.Count == 0)
        {
            return null;
        }

        if (placement?.Invoke(grain) is { } name && active.FirstOrDefault(node => node.Name == name) is { } chosen)
        {
            return chosen;
        }

        var strategy = GrainManifest.Instance[grain.Type].Placement;
        bool local = strategy is PreferLocalPlacement or StatelessWorkerPlacement && active.Contains(from);
        return local ? from
            : strategy is HashBasedPlacement ? active[(int)((uint)grain.Key.GetHashCode() % (uint)active.Count)]
            : strategy is ActivationCountBasedPlacement ? FewerActivations(Any(active), Any(active))
            : Any(active);
    }

    private SiloNode Any(IReadOnlyList<SiloNode> nodes) => nodes[random.NextInt32(nodes.Count)];

    // The power of two choices, as in Orleans.
    private static SiloNode FewerActivations(SiloNode one, SiloNode other) =>
        one.Silo.Catalog.All.Count <= other.Silo.Catalog.All.Count ? one : other;

    /// <summary>A grain that may have two activations, and which silos would call which one.</summary>
    private sealed record Split(SiloNode First, SiloNode Second)
    {
        public Dictionary<SiloNode, bool> Sides { get; } = [];
    }
}

/// <summary>What a silo of a simulated cluster knows of the directory: its own activations, and the shared rest.</summary>
internal sealed class SiloDirectory(ClusterDirectory shared, SiloNode node) : IActivationDirectory
{
    private readonly Dictionary<GrainId, Activation> _local = [];

    /// <summary>The activations here, in the order of their grains' identities.</summary>
    public IReadOnlyList<Activation> Activations => [.. _local.Values.OrderBy(activation => activation.GrainId)];

    /// <summary>The most requests that wait for one activation.</summary>
    public int LongestRequestQueue => _local.Count == 0 ? 0 : _local.Values.Max(static activation => activation.WaitingRequests);

    /// <summary>Whether an activation has begun something that has not ended.</summary>
    public bool HasUnfinished => _local.Values.Any(static activation => activation.IsInTheMiddle);

    public Activation? Find(GrainId grain) => _local.GetValueOrDefault(grain);

    public Activation Register(Activation activation)
    {
        var registered = shared.Register(node, activation);
        if (ReferenceEquals(registered, activation))
        {
            _local.Add(activation.GrainId, activation);
        }

        return registered;
    }

    public void Unregister(Activation activation)
    {
        // Stateless workers come here too, and were never registered.
        if (_local.TryGetValue(activation.GrainId, out var local) && ReferenceEquals(local, activation))
        {
            _ = _local.Remove(activation.GrainId);
            shared.Unregister(node, activation);
        }
    }
}
