using System.Runtime.CompilerServices;
using Mnist.Grains.Grains;
using Mnist.Simulator.Faults;

namespace Mnist.Simulator.Checks;

/// <summary>
/// Counts the turns of a parameter server while its round does not end. Workers then wait in calls of two seconds, or ask again after
/// delays that grow; a loop that calls without a delay makes hundreds of turns in that time.
/// </summary>
internal sealed class PatienceChecker(RunShape run, ViolationLog violations)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    // A worker that fails asks twenty times in the first second, and each call makes a few turns.
    private readonly int _bound = 1000 + (200 * run.Workers);
    private readonly ConditionalWeakTable<ParameterServerGrain, Watch> _watches = [];

    /// <summary>A server has had a turn.</summary>
    /// <param name="grain">The server.</param>
    /// <param name="now">Virtual time.</param>
    public void Note(ParameterServerGrain grain, TimeSpan now)
    {
        var watch = _watches.GetOrCreateValue(grain);
        var round = grain.Server?.Round.Number ?? -1;
        if (round != watch.Round || now - watch.Since > Window)
        {
            (watch.Round, watch.Since, watch.Turns) = (round, now, 0);
        }

        if (++watch.Turns > _bound)
        {
            violations.Add(
                Invariants.Patience,
                $"{watch.Turns} turns of a parameter server within {now - watch.Since} while round {round} did not end, "
                + $"expected at most {_bound}");
        }
    }

    private sealed class Watch
    {
        public long Round { get; set; } = -1;

        public TimeSpan Since { get; set; }

        public int Turns { get; set; }
    }
}
