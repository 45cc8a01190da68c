using Orleans.Runtime;

namespace Orleans.Simulation;

/// <summary>
/// Which silos the cluster believes in. A silo is suspected while enough others cannot reach it, in one direction or the other; after a
/// while it is declared dead. All silos see the table at once; the one that was declared dead sees it later.
/// </summary>
internal sealed class Membership(SimulatedCluster cluster, SimulatedRandom random) : IClusterView
{
    private readonly List<SiloNode> _joined = [];

    public IReadOnlyList<(SiloAddress Address, SiloStatus Status)> Hosts => [.. _joined.Select(node => (node.Address, node.Status))];

    public IReadOnlyList<Silo> Silos => [.. Active.Where(node => !node.IsGone).Select(node => node.Silo)];

    /// <summary>The silos that are believed to run.</summary>
    public IReadOnlyList<SiloNode> Active => [.. _joined.Where(node => node.Status == SiloStatus.Active)];

    public void Join(SiloNode node)
    {
        _joined.Add(node);
        node.Status = SiloStatus.Active;
        cluster.Log.Record(SimulationEventKind.SiloActive, node);

        // Two silos cannot listen at one endpoint: an earlier life of this one must be over.
        SiloNode[] lives = [.. _joined.Where(other => other.Index == node.Index && other != node)];
        foreach (var earlier in lives.Where(life => life.Status != SiloStatus.Dead))
        {
            DeclareDead(earlier);
        }

        cluster.Directory.OnMembershipChanged();
        Reassess();
    }

    /// <summary>A silo has stopped in an orderly way.</summary>
    public void Leave(SiloNode node)
    {
        cluster.Log.Record(SimulationEventKind.SiloStopped, node);
        SetDead(node);
    }

    /// <summary>Looks who is out of reach, after something has changed that.</summary>
    public void Reassess()
    {
        foreach (var node in _joined)
        {
            bool suspected = node.Status is SiloStatus.Active or SiloStatus.ShuttingDown && IsSuspected(node);
            if (!suspected)
            {
                node.Suspicion = null;
            }
            else if (node.Suspicion is null)
            {
                object suspicion = node.Suspicion = new object();
                cluster.Clock.After(
                    random.NextTime(cluster.MembershipConditions.FailureDetection),
                    () =>
                    {
                        if (node.Suspicion == suspicion)
                        {
                            DeclareDead(node);
                        }
                    });
            }
        }
    }

    /// <summary>A silo that was declared dead learns of it, if it runs.</summary>
    public void Notify(SiloNode node) => cluster.Clock.After(
        random.NextTime(cluster.MembershipConditions.DeathNotice),
        () =>
        {
            // One that stands still learns of it when it goes on.
            if (!node.IsGone && !node.IsPaused)
            {
                cluster.End(node, SimulationEventKind.SiloTerminated);
            }
        });

    private bool IsSuspected(SiloNode node)
    {
        SiloNode[] observers = [.. Active.Where(other => other != node && !other.IsGone && !other.IsPaused)];
        int votes = observers.Count(other =>
            node.IsGone || node.IsPaused || cluster.Router.IsBlocked(node, other) || cluster.Router.IsBlocked(other, node));
        return votes > 0 && votes >= Math.Min(cluster.MembershipConditions.VotesForDeath, observers.Length);
    }

    private void DeclareDead(SiloNode node)
    {
        cluster.Log.Record(SimulationEventKind.SiloDeclaredDead, node);
        SetDead(node);
        if (!node.IsGone)
        {
            Notify(node);
        }
    }

    private void SetDead(SiloNode node)
    {
        node.Status = SiloStatus.Dead;
        node.Suspicion = null;
        cluster.Directory.Forget(node);
        foreach (var other in _joined.Prepend(cluster.ClientNode).Where(other => other != node && !other.IsGone))
        {
            other.Enqueue(() => other.Silo.OnSiloDead(node.Address));
        }

        cluster.Directory.OnMembershipChanged();
        Reassess();
    }
}
