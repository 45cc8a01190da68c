using Mnist.Grains.Protocol;

namespace Mnist.Grains.Compute;

/// <summary>
/// Leads some workers through rounds in which they are late and lost, so that this is compiled before it happens: whoever is given the
/// slices of another one should not wait for a compiler first. Worth calling on another thread while a silo starts.
/// </summary>
public static class CoordinationWarmup
{
    private const int Workers = 3;
    private const int Slices = 6;
    private const int Rounds = 5;
    private static readonly TimeSpan Duration = TimeSpan.FromMilliseconds(10);

    /// <summary>Leads them.</summary>
    public static void Run()
    {
        var coordinator = new RoundCoordinator(Slices, new SpeculationOptions(), isLead: true)
        {
            Leases = LeaseTable.FromOwners([.. Enumerable.Range(0, Slices).Select(slice => slice * Workers / Slices)]),
        };
        var now = TimeSpan.Zero;

        // All are there, one is helped, another one is late, one is lost while it owes slices, and the others go on without it.
        for (var round = 0; round < Rounds; round++)
        {
            coordinator.Begin(new Round(round, 0, round, false), now);
            for (var worker = 0; worker < Workers; worker++)
            {
                coordinator.NoteSilo(worker, $"{worker}", isOfServer: false);
                if (round == 0 || worker < Workers - 1)
                {
                    coordinator.Ask(worker, isBusy: false, now);
                    coordinator.Receive(worker * Slices / Workers, Slices / Workers);
                    coordinator.Ask(worker, isBusy: false, now += Duration / Workers);
                }
            }

            Read(coordinator.Tick(now));
            Read(coordinator.Tick(now + (Duration / 2)));
            coordinator.Hear(Workers - 1);
            if (round == Rounds - 2)
            {
                coordinator.Ask(0, isBusy: false, now);
                Read(coordinator.Lose($"{Workers - 1}"));
            }

            Read(coordinator.Tick(now += 2 * Duration));
            coordinator.Receive(0, Slices);
            coordinator.Complete(now);
        }
    }

    /// <summary>Reads decisions as the server does, whichever list they are in.</summary>
    /// <returns>How many there are, and slices in them.</returns>
    private static (int Workers, int Slices) Read(IReadOnlyList<WorkDecision> decisions)
    {
        var given = 0;
        foreach (var (_, slices, _, _) in decisions)
        {
            given += slices.Length;
        }

        return (decisions.Count, given);
    }
}
