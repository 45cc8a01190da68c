using Mnist.Grains.Grains;
using Mnist.Simulator.Faults;

namespace Mnist.Simulator.Checks;

/// <summary>
/// Counts the turns of parameter servers while no round ends. Workers then wait in calls of two seconds, or ask again after delays
/// that grow; a loop that calls without a delay makes hundreds of turns in that time.
/// </summary>
internal sealed class PatienceChecker(RunShape run, ViolationLog violations)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    // A worker that fails asks twenty times in the first second, each partition, and each call makes a few turns.
    private readonly int _bound = 1000 + (200 * run.Workers * run.Partitions);
    private long _round = -1;
    private TimeSpan _since;
    private int _turns;

    /// <summary>A server has had a turn.</summary>
    /// <param name="grain">The server.</param>
    /// <param name="now">Virtual time.</param>
    public void Note(ParameterServerGrain grain, TimeSpan now)
    {
        var round = grain.Server?.Round.Number ?? -1;
        if (round != _round || now - _since > Window)
        {
            (_round, _since, _turns) = (round, now, 0);
        }

        if (++_turns > _bound)
        {
            violations.Add(
                Invariants.Patience,
                $"{_turns} turns of parameter servers within {now - _since} while round {round} did not end, expected at most {_bound}");
        }
    }
}
