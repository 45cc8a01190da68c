using Mnist.Simulator.Faults;
using Orleans.Runtime;
using Orleans.Simulation;

namespace Mnist.Simulator.Trials;

/// <summary>Lets the faults of a plan strike, and everything be well again afterwards.</summary>
internal sealed class FaultInjector
{
    private readonly SimulatedCluster _cluster;
    private readonly FaultPlan _plan;
    private readonly ActiveFaults _active;
    private readonly Coordinator _coordinator;
    private readonly Coverage _coverage;
    private readonly Func<string, GrainId> _grains;
    private readonly Action<string> _say;
    private readonly List<Fault> _waiting;

    // Silos, and the coordinator, that are down or stand still, and by how many faults.
    private readonly Dictionary<string, int> _holds = [];

    public FaultInjector(
        SimulatedCluster cluster, FaultPlan plan, ActiveFaults active, Coordinator coordinator, Coverage coverage,
        Func<string, GrainId> grains, Action<string> say)
    {
        (_cluster, _plan, _active, _coordinator, _coverage, _grains, _say) = (cluster, plan, active, coordinator, coverage, grains, say);
        _waiting = [.. plan.Faults.Where(fault => fault.Round is not null)];
        foreach (var fault in plan.Faults.Where(fault => fault.At is not null))
        {
            HealedAt = Later(HealedAt, TimeSpan.FromSeconds(fault.At!.Value + fault.For));
            cluster.After(TimeSpan.FromSeconds(fault.At!.Value), () => Strike(fault));
        }
    }

    /// <summary>When the last fault that struck, or that will at a known time, has passed.</summary>
    public TimeSpan HealedAt { get; private set; }

    /// <summary>The run has got to a point: faults that wait for it strike before the next turn.</summary>
    public void Reach(long round, int slices)
    {
        foreach (var fault in Due(IsDue))
        {
            StrikeSoon(fault);
        }

        bool IsDue(Fault fault) =>
            fault.Checkpoint is not true && (round > fault.Round || (round == fault.Round && slices >= (fault.Slices ?? 0)));
    }

    /// <summary>A checkpoint is on its way to storage.</summary>
    public void ReachCheckpoint(long round)
    {
        foreach (var fault in Due(fault => fault.Checkpoint is true && round >= fault.Round))
        {
            StrikeSoon(fault);
        }
    }

    /// <summary>A silo has ended on its own, since it was declared dead: whoever watches over processes starts it anew.</summary>
    public void Replace(string silo)
    {
        HealedAt = Later(HealedAt, _cluster.Now + TimeSpan.FromSeconds(1));
        _cluster.After(TimeSpan.FromSeconds(1), () => StartIfDown(silo));
    }

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private List<Fault> Due(Predicate<Fault> isDue)
    {
        var due = _waiting.FindAll(isDue);
        _waiting.RemoveAll(isDue);
        return due;
    }

    private void StrikeSoon(Fault fault)
    {
        HealedAt = Later(HealedAt, _cluster.Now + TimeSpan.FromSeconds(fault.For));
        _cluster.After(TimeSpan.Zero, () => Strike(fault));
    }

    private void Strike(Fault fault)
    {
        var target = Resolve(fault.Target);
        var struck = fault.Kind switch
        {
            FaultKind.Crash => TakeDown(fault, target, _cluster.CrashSilo),
            FaultKind.Stop => TakeDown(fault, target, _cluster.StopSilo),
            FaultKind.Pause => Pause(fault, target),
            FaultKind.Partition or FaultKind.OneWayPartition => Partition(fault, target),
            FaultKind.DuplicateActivation => Duplicate(fault),
            FaultKind.CoordinatorRestart => Replace(fault, _coordinator.Kill),
            FaultKind.RunPause => Replace(fault, _coordinator.Pause),
            FaultKind.Straggler when FaultTarget.WorkerIndex(fault.Target!) is not null => BeginWindow(fault, fault.Target),
            _ => BeginWindow(fault, target),
        };
        _coverage.Add(struck ? CoverageNames.Fault + fault.Kind : CoverageNames.Missed);
        _say($"fault: {fault.Kind} {fault.Target}{(target == fault.Target ? "" : $" ({target ?? "nowhere"})")}"
            + $"{(struck ? $" for {fault.For} s" : ": finds nobody")}");
    }

    /// <summary>The silo (or the client) that a target stands for at the moment; null for everything, or for nobody.</summary>
    private string? Resolve(string? target) =>
        target is null || !FaultTarget.IsGrain(target) ? target : _cluster.Locate(_grains(target)) is [var silo, ..] ? silo : null;

    private SimulatedSilo? Silo(string? name) => _cluster.Silos.LastOrDefault(silo => silo.Name == name && !silo.IsGone);

    private bool TakeDown(Fault fault, string? target, Action<string> take)
    {
        if (Silo(target) is not { Status: SiloStatus.Active } silo)
        {
            return false;
        }

        if (silo.IsPaused)
        {
            _cluster.ResumeSilo(silo.Name);
        }

        take(silo.Name);
        Hold(silo.Name, fault, () => StartIfDown(silo.Name));
        return true;
    }

    private void StartIfDown(string name)
    {
        if (_holds.GetValueOrDefault(name) > 0)
        {
            return;
        }

        if (Silo(name) is { Status: SiloStatus.ShuttingDown or SiloStatus.Stopping })
        {
            // It still deactivates its grains.
            HealedAt = Later(HealedAt, _cluster.Now + TimeSpan.FromSeconds(1));
            _cluster.After(TimeSpan.FromSeconds(1), () => StartIfDown(name));
        }
        else if (Silo(name) is null)
        {
            _say($"{name} starts anew");
            _cluster.StartSilo(name);
        }
    }

    private bool Pause(Fault fault, string? target)
    {
        if (Silo(target) is not { IsPaused: false } silo)
        {
            return false;
        }

        _cluster.PauseSilo(silo.Name);
        _cluster.After(TimeSpan.FromSeconds(fault.For), () =>
        {
            if (!silo.IsGone && silo.IsPaused)
            {
                _cluster.ResumeSilo(silo.Name);
            }
        });
        return true;
    }

    private bool Partition(Fault fault, string? target)
    {
        if (target is null)
        {
            return false;
        }

        var names = _cluster.Silos.Select(silo => silo.Name).Append(SimulatedCluster.ClientName).Distinct();
        var others = Resolve(fault.Other) is { } other ? [other] : names.Where(name => name != target).ToArray();
        foreach (var name in others.Where(name => name != target))
        {
            _cluster.Partition(target, name, oneWay: fault.Kind == FaultKind.OneWayPartition);
        }

        _cluster.After(TimeSpan.FromSeconds(fault.For), () =>
        {
            foreach (var name in others)
            {
                _cluster.Heal(target, name);
            }

            _say($"{target} is connected again");
        });
        return true;
    }

    private bool Duplicate(Fault fault)
    {
        var window = TimeSpan.FromSeconds(fault.For);
        _cluster.MembershipConditions.DuplicateWindow = new TimeRange(window, window);
        return _cluster.ForceDuplicateActivation(_grains(fault.Target!));
    }

    private bool Replace(Fault fault, Action end)
    {
        if (_holds.GetValueOrDefault(FaultTarget.Client) > 0)
        {
            return false;
        }

        end();
        Hold(FaultTarget.Client, fault, _coordinator.Start);
        return true;
    }

    private bool BeginWindow(Fault fault, string? target)
    {
        if (fault.Target is not null && target is null)
        {
            return false;
        }

        _active.Begin(fault, target);
        _cluster.After(TimeSpan.FromSeconds(fault.For), () => _active.End(fault));
        return true;
    }

    /// <summary>Something stays down for as long as the fault lasts.</summary>
    private void Hold(string name, Fault fault, Action release)
    {
        _holds[name] = _holds.GetValueOrDefault(name) + 1;
        _cluster.After(TimeSpan.FromSeconds(fault.For), () =>
        {
            _holds[name]--;
            release();
        });
    }
}
