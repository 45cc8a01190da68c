using Mnist.Simulator.Faults;
using Mnist.Simulator.Models;
using Orleans.Simulation;

namespace Mnist.Simulator.Trials;

/// <summary>
/// The faults of network, storage and computing that last at the moment. Several of a kind may overlap: the worst counts, and all is
/// well again when the last has passed.
/// </summary>
internal sealed class ActiveFaults
{
    private readonly SimulatedCluster _cluster;
    private readonly ClusterShape _shape;
    private readonly ComputeConditions _compute;
    private readonly SimulatedRandom _random;
    private readonly List<(Fault Fault, string? Target)> _active = [];
    private readonly HashSet<string> _limited = [];

    public ActiveFaults(SimulatedCluster cluster, ClusterShape shape, ComputeConditions compute)
    {
        (_cluster, _shape, _compute) = (cluster, shape, compute);
        _random = cluster.CreateRandom("faults");
        cluster.Network.MessageSize = MessageSizes.Of;
        Apply();
    }

    /// <summary>A fault begins.</summary>
    /// <param name="fault">The fault.</param>
    /// <param name="target">The silo or worker that it hits, or null for everything.</param>
    public void Begin(Fault fault, string? target)
    {
        _active.Add((fault, target));
        Apply();
    }

    /// <summary>A fault has passed.</summary>
    public void End(Fault fault)
    {
        _active.RemoveAll(active => ReferenceEquals(active.Fault, fault));
        Apply();
    }

    private void Apply()
    {
        _cluster.Network.Delay = Stretched(_shape.NetworkMilliseconds, FaultKind.Delay);
        _cluster.Network.Loses = Of(FaultKind.Loss).Concat(Of(FaultKind.ResponseLoss)).Any() ? Loses : null;
        ApplyBandwidth();
        var storage = _cluster.Storage;
        storage.Delay = Stretched(_shape.StorageMilliseconds, FaultKind.SlowStorage);
        storage.RefusalProbability = Worst(FaultKind.RefusingStorage);
        storage.ConflictProbability = Worst(FaultKind.ConflictingStorage);

        // Half of the writes that are lost are lost on the way there, and half on the way back.
        storage.RequestLossProbability = Worst(FaultKind.LostWrites) / 2;
        storage.AcknowledgementLossProbability = Worst(FaultKind.LostWrites) / 2;
        _compute.SlowBy.Clear();
        foreach (var (fault, target) in Of(FaultKind.Straggler))
        {
            _compute.SlowBy[target!] = Math.Max(_compute.SlowBy.GetValueOrDefault(target!), fault.Factor!.Value);
        }
    }

    private void ApplyBandwidth()
    {
        var network = _cluster.Network;
        foreach (var target in _limited)
        {
            network.LiftBandwidthLimit(target);
        }

        _limited.Clear();
        network.Bandwidth = Slowest(Of(FaultKind.Bandwidth).Where(active => active.Target is null));
        foreach (var target in Of(FaultKind.Bandwidth).Select(active => active.Target).OfType<string>())
        {
            network.LimitBandwidth(target, Slowest(Of(FaultKind.Bandwidth).Where(active => active.Target == target)));
            _limited.Add(target);
        }
    }

    private static Bandwidth Slowest(IEnumerable<(Fault Fault, string? Target)> faults) =>
        faults.Min(active => active.Fault.BytesPerSecond) is { } rate ? Bandwidth.EachWay(rate) : Bandwidth.Unlimited;

    private IEnumerable<(Fault Fault, string? Target)> Of(FaultKind kind) => _active.Where(active => active.Fault.Kind == kind);

    private double Worst(FaultKind kind) => Of(kind).Select(active => active.Fault.Probability!.Value).DefaultIfEmpty().Max();

    private TimeRange Stretched(double[] milliseconds, FaultKind kind) => TimeRange.Milliseconds(
        milliseconds[0], milliseconds[1] + Of(kind).Select(active => active.Fault.Milliseconds!.Value).DefaultIfEmpty().Max());

    private bool Loses(SimulatedMessage message)
    {
        foreach (var (fault, target) in _active)
        {
            var isOfKind = fault.Kind == FaultKind.Loss
                || (fault.Kind == FaultKind.ResponseLoss && message.Kind == SimulatedMessageKind.Response);
            var isMeant = isOfKind && (target is null || message.From == target || message.To == target);
            if (isMeant && _random.NextBoolean(fault.Probability!.Value))
            {
                return true;
            }
        }

        return false;
    }
}
