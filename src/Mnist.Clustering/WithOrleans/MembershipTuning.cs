using Orleans.Configuration;

namespace Mnist.Clustering;

/// <summary>How soon a silo that does not answer is declared dead.</summary>
internal static class MembershipTuning
{
    private const int MissedProbes = 3;

    /// <summary>
    /// At worst a silo dies just after it answered a probe: the next probe is sent a period later, two fail directly, and the
    /// third, through another silo, takes twice as long. That makes five periods.
    /// </summary>
    private const int PeriodsUntilDeath = 5;

    /// <summary>Sets the periods so that a silo is declared dead in time.</summary>
    /// <param name="options">The options.</param>
    /// <param name="deadAfter">Time from its last sign of life.</param>
    public static void Apply(ClusterMembershipOptions options, TimeSpan deadAfter)
    {
        var period = deadAfter / PeriodsUntilDeath;
        options.ProbeTimeout = period;
        options.MinProbeTimeout = period / 2;
        options.MaxProbeTimeout = period;
        options.NumMissedProbesLimit = MissedProbes;
        options.NumVotesForDeathDeclaration = 2;
        options.TableRefreshTimeout = deadAfter;

        // A cluster that was killed as a whole is started again beside the entries of its dead silos: a new one waits until they
        // are stale.
        options.IAmAliveTablePublishTimeout = deadAfter;
        options.NumMissedTableIAmAliveLimit = MissedProbes;
        options.DefunctSiloExpiration = TimeSpan.FromHours(1);
    }
}
