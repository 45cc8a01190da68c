using Orleans.Runtime;

namespace Orleans.Simulation;

/// <summary>What can happen to a simulated cluster.</summary>
public sealed partial class SimulatedCluster
{
    /// <summary>Starts a silo; it is active some turns later. A name whose silo has ended begins a new life.</summary>
    /// <param name="name">The silo's name.</param>
    /// <returns>The silo.</returns>
    public SimulatedSilo StartSilo(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Sentinel.Require("start a silo");
        if (name == ClientName || _silos.Exists(silo => silo.Name == name && !silo.IsGone))
        {
            throw new InvalidOperationException($"There is a \"{name}\" that runs.");
        }

        if (!_indices.TryGetValue(name, out int index))
        {
            _indices[name] = index = _indices.Count + 1;
        }

        var node = new SiloNode(this, _options, name, index, 1 + _silos.Count(silo => silo.Name == name)) { Status = SiloStatus.Joining };
        _byAddress.Add(node.Address, node);
        var started = new SimulatedSilo(node);
        _silos.Add(started);
        Log.Record(SimulationEventKind.SiloStarting, node);
        _ = node.Run(() => LeadThroughStartAsync(node), ownQueue: false);
        return started;
    }

    /// <summary>Starts silos and runs until they are active.</summary>
    /// <param name="names">Their names.</param>
    public void StartSilos(params IReadOnlyList<string> names)
    {
        SimulatedSilo[] started = [.. names.Select(StartSilo)];
        if (!Run(() => Array.TrueForAll(started, silo => silo.Status != SiloStatus.Joining), DefaultLimit))
        {
            throw new SimulationException($"Seed {Seed}: the silos did not start within {DefaultLimit} of virtual time.");
        }
    }

    /// <summary>Stops a silo in an orderly way: its activations are deactivated first. It takes turns, and may take time.</summary>
    /// <param name="name">The silo's name.</param>
    public void StopSilo(string name)
    {
        var node = Living(name);
        if (node.Status != SiloStatus.Active)
        {
            throw new InvalidOperationException($"\"{name}\" cannot stop in an orderly way: it is {node.Status}.");
        }

        node.Status = SiloStatus.ShuttingDown;
        Log.Record(SimulationEventKind.SiloStopping, node);
        _ = node.Run(() => LeadThroughStopAsync(node), ownQueue: false);
    }

    /// <summary>
    /// Ends a silo at once: its activations and timers vanish, nothing is deactivated. Whether new calls to it fail at once, as when a
    /// process ends, or are never answered, as when a machine does, is drawn. So is, for each operation on its way to storage, whether
    /// it gets there.
    /// </summary>
    /// <param name="name">The silo's name.</param>
    public void CrashSilo(string name) => End(Living(name), SimulationEventKind.SiloCrashed);

    /// <summary>Lets a silo stand still: none of its turns run, messages to it wait, time goes on.</summary>
    /// <param name="name">The silo's name.</param>
    public void PauseSilo(string name)
    {
        var node = Living(name);
        if (!node.IsPaused)
        {
            Log.Record(SimulationEventKind.SiloPaused, node);
            node.Pause();
            Membership.Reassess();
        }
    }

    /// <summary>Lets a silo go on. If it was declared dead meanwhile, it takes a while to learn of it and then ends itself.</summary>
    /// <param name="name">The silo's name.</param>
    public void ResumeSilo(string name)
    {
        var node = Living(name);
        if (node.IsPaused)
        {
            Log.Record(SimulationEventKind.SiloResumed, node);
            node.Resume();
            if (node.Status == SiloStatus.Dead)
            {
                Membership.Notify(node);
            }

            Membership.Reassess();
        }
    }

    /// <summary>Loses all messages from one silo to another, those that are on their way included.</summary>
    /// <param name="from">The name of a silo, or <see cref="ClientName"/>.</param>
    /// <param name="to">The name of another.</param>
    /// <param name="oneWay">Whether messages in the other direction still arrive.</param>
    public void Partition(string from, string to, bool oneWay = false)
    {
        Sentinel.Require("partition the network");
        Router.Partition(from, to);
        Log.Record(SimulationEventKind.Partitioned, ClientNode, detail: $"{from} to {to}");
        if (!oneWay)
        {
            Router.Partition(to, from);
            Log.Record(SimulationEventKind.Partitioned, ClientNode, detail: $"{to} to {from}");
        }

        Membership.Reassess();
    }

    /// <summary>Lets messages between two silos arrive again, in both directions.</summary>
    /// <param name="one">The name of a silo, or <see cref="ClientName"/>.</param>
    /// <param name="other">The name of another.</param>
    public void Heal(string one, string other)
    {
        Sentinel.Require("heal the network");
        foreach (var (from, to) in Router.Partitions.Where(pair => pair == (one, other) || pair == (other, one)))
        {
            Router.Heal(from, to);
            Log.Record(SimulationEventKind.Healed, ClientNode, detail: $"{from} to {to}");
        }

        Membership.Reassess();
    }

    /// <summary>Lets messages arrive again everywhere.</summary>
    public void Heal()
    {
        foreach (var (from, to) in Router.Partitions)
        {
            Heal(from, to);
        }
    }

    /// <summary>
    /// Lets a grain have two activations for a while, as in Orleans while the membership changes: some silos call the one that there
    /// is, others one on another silo. In the end one is deactivated. Both, which silo calls which and which one stays, are drawn.
    /// </summary>
    /// <param name="grain">The grain.</param>
    /// <returns>Whether it may: it has an activation, and there is a silo for another.</returns>
    public bool ForceDuplicateActivation(GrainId grain)
    {
        Sentinel.Require("duplicate an activation");
        return Directory.BeginDuplicate(grain);
    }

    internal void End(SiloNode node, SimulationEventKind reason)
    {
        Log.Record(reason, node);
        node.End();
        MessageRouter.OnEnd(node, inOrder: false);
        node.RefusesConnections = StorageRandom.NextBoolean(0.5);
        foreach (var operation in StorageOperations.Where(operation => operation.Node == node))
        {
            operation.IsLost = StorageRandom.NextBoolean(0.5);
        }

        Membership.Reassess();
    }

    private async Task LeadThroughStartAsync(SiloNode node)
    {
        try
        {
            await node.StartAsync();
            Membership.Join(node);
        }
        catch (Exception exception)
        {
            Fail(new SimulationException($"\"{node.Name}\" did not start. {exception.Message}", exception));
        }
    }

    private async Task LeadThroughStopAsync(SiloNode node)
    {
        try
        {
            await node.StopAsync();
        }
        catch (Exception exception)
        {
            Fail(new SimulationException($"\"{node.Name}\" did not stop. {exception.Message}", exception));
        }

        node.End();
        MessageRouter.OnEnd(node, inOrder: true);
        Membership.Leave(node);
    }

    private SiloNode Living(string name)
    {
        Sentinel.Require("change a silo");
        return _silos.Find(silo => silo.Name == name && !silo.IsGone)?.Node
            ?? throw new InvalidOperationException($"No silo \"{name}\" runs.");
    }
}
