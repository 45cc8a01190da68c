using Orleans.Runtime;

namespace Orleans.Simulation;

/// <summary>What a checker can ask a simulated cluster. Nothing is counted for it in advance that is not known anyway.</summary>
public sealed partial class SimulatedCluster
{
    /// <summary>
    /// How many turns wait to run, those of silos that stand still included, and those of an activation that is occupied by the
    /// <see cref="SimulationOptions.ComputingTime"/> of a request left out.
    /// </summary>
    public int WaitingTurns
    {
        get
        {
            int turns = Turns.Turns;
            foreach (var silo in _silos)
            {
                turns += silo.Node.HeldTurns;
            }

            return turns;
        }
    }

    /// <summary>How many messages between silos, or the client and a silo, have been sent and are neither there nor lost.</summary>
    public int MessagesInFlight => Router.InFlight;

    /// <summary>
    /// The most requests that wait for one activation, be they held up by a request that runs or not looked at yet. Ticks of timers are
    /// requests too; stateless workers are left out.
    /// </summary>
    public int LongestRequestQueue
    {
        get
        {
            int longest = 0;
            foreach (var silo in _silos)
            {
                if (!silo.IsGone)
                {
                    longest = Math.Max(longest, silo.Node.Directory.LongestRequestQueue);
                }
            }

            return longest;
        }
    }

    /// <summary>What is stored now, whichever provider keeps it: the grains, each with the name of a record, in their order.</summary>
    public IReadOnlyList<(string Grain, string StateName)> StoredRecords =>
        [.. _options.StorageNames.SelectMany(name => Records(name).Keys).Order()];

    /// <summary>Where a grain is activated now.</summary>
    /// <param name="grain">The grain; stateless workers are found nowhere.</param>
    /// <returns>
    /// The names of the silos, in the order of their starts: none, one, or more while there are duplicates. A silo that was declared dead
    /// and does not know it yet still has its activations.
    /// </returns>
    public IReadOnlyList<string> Locate(GrainId grain) =>
        [.. _silos.Where(silo => !silo.IsGone && silo.Node.Directory.Find(grain) is not null).Select(silo => silo.Name)];
}
