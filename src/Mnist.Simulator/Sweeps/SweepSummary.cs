using Mnist.Learning;
using Mnist.Simulator.Trials;

namespace Mnist.Simulator.Sweeps;

/// <summary>How often something happened.</summary>
/// <param name="Count">Times.</param>
/// <param name="Seeds">Seeds in which it happened.</param>
internal readonly record struct Tally(long Count, long Seeds);

/// <summary>What the trials of a sweep came to, so far.</summary>
internal sealed class SweepSummary
{
    private readonly SortedDictionary<string, Tally> _tallies = new(StringComparer.Ordinal);
    private readonly List<TrialResult> _failures = [];

    /// <summary>Number of trials.</summary>
    public long Seeds { get; private set; }

    /// <summary>The last seed.</summary>
    public ulong LastSeed { get; private set; }

    /// <summary>Trials in which an invariant did not hold, in the order of their seeds.</summary>
    public IReadOnlyList<TrialResult> Failures => _failures;

    /// <summary>Hash of the event hashes of all trials.</summary>
    public ulong EventHash { get; private set; }

    /// <summary>Events of all trials.</summary>
    public long Events { get; private set; }

    /// <summary>Virtual time of all trials.</summary>
    public TimeSpan VirtualTime { get; private set; }

    /// <summary>Time that it took.</summary>
    public TimeSpan RealTime { get; set; }

    /// <summary>Seed and time of the run that took longest to end after all was well again; null before the first that did end.</summary>
    public (ulong Seed, TimeSpan Time)? SlowestRecovery { get; private set; }

    /// <summary>Counts by the names of <see cref="CoverageNames"/>.</summary>
    public IReadOnlyDictionary<string, Tally> Tallies => _tallies;

    /// <summary>The tally of a name.</summary>
    public Tally this[string name] => _tallies.GetValueOrDefault(name);

    /// <summary>Adds a trial.</summary>
    public void Add(TrialResult result)
    {
        Seeds++;
        LastSeed = result.Plan.Seed;
        EventHash = KeyedRandom.Key(EventHash, result.EventHash);
        Events += result.Events;
        VirtualTime += result.Duration;
        foreach (var (name, count) in result.Coverage.Counts)
        {
            var tally = this[name];
            _tallies[name] = new Tally(tally.Count + count, tally.Seeds + 1);
        }

        if (result.Violation is not null)
        {
            _failures.Add(result);
        }
        else if (SlowestRecovery is not { } slowest || result.Recovery > slowest.Time)
        {
            SlowestRecovery = (result.Plan.Seed, result.Recovery);
        }
    }
}
