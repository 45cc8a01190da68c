using Mnist.Grains.Grains;
using Mnist.Simulator.Faults;
using Mnist.Simulator.Trials;

namespace Mnist.Simulator.Tests.Scenarios;

/// <summary>What came of a plan, and what a reader of its timeline sees.</summary>
internal sealed class Outcome
{
    private readonly List<string> _timeline = [];

    // When the lead first served each round, whichever of its activations did.
    private readonly SortedDictionary<long, TimeSpan> _begun = [];
    private long _round = -1;

    private Outcome(FaultPlan plan)
    {
        using var trial = new Trial(plan, (at, text) => _timeline.Add(FormattableString.Invariant($"{at.TotalSeconds,9:f4} {text}")));
        trial.Cluster.TurnEnded += turn =>
        {
            if (turn.Instance is ParameterServerGrain { Server: { IsLead: true } server, IsEnded: false })
            {
                Note(server.Round.Number, trial.Cluster.Now);
            }
        };
        Result = trial.Run();
    }

    /// <summary>What the trial came to.</summary>
    public TrialResult Result { get; }

    /// <summary>True when the lead went back to an earlier round at least once.</summary>
    public bool WentBack { get; private set; }

    /// <summary>Virtual time from the first round to the last.</summary>
    public TimeSpan Training => _begun.Values.Max() - _begun.Values.Min();

    /// <summary>Virtual time from the beginning of a round to that of the next.</summary>
    public TimeSpan DurationOf(long round) => _begun[round + 1] - _begun[round];

    /// <summary>Runs a plan.</summary>
    public static Outcome Of(FaultPlan plan) => new(plan);

    /// <summary>Whether a line of the timeline contains the texts, and after it others contain the next ones.</summary>
    public bool Saw(params IEnumerable<string> texts)
    {
        var next = 0;
        foreach (var text in texts)
        {
            var found = _timeline.FindIndex(next, line => line.Contains(text, StringComparison.Ordinal));
            if (found < 0)
            {
                return false;
            }

            next = found + 1;
        }

        return true;
    }

    /// <summary>The silo on which a grain was activated first.</summary>
    public string SiloOf(string grain)
    {
        var line = _timeline.First(line => line.EndsWith($": {grain} is activated", StringComparison.Ordinal));
        return line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
    }

    /// <summary>How many lines of the timeline contain a text.</summary>
    public int Times(string text) => _timeline.Count(line => line.Contains(text, StringComparison.Ordinal));

    public override string ToString() => $"seed {Result.Plan.Seed}:\n{string.Join('\n', _timeline)}";

    private void Note(long round, TimeSpan now)
    {
        _begun.TryAdd(round, now);
        WentBack |= round < _round;
        _round = round;
    }
}

/// <summary>What came of a scenario in several orders of events.</summary>
internal sealed class Outcomes(IReadOnlyList<Outcome> outcomes)
{
    /// <summary>The run ended, with the weights of a run in which nothing goes wrong, bit for bit, and no invariant was hurt.</summary>
    public Outcomes EndWithTheSameWeights() => All(outcome => outcome.Result.Violation is null, "no violation");

    /// <summary>The lines of the timeline show what the scenario speaks of, in that order.</summary>
    public Outcomes Show(params string[] texts) => All(outcome => outcome.Saw(texts), string.Join(", then ", texts));

    /// <summary>Something holds in every order of events.</summary>
    public Outcomes All(Predicate<Outcome> holds, string expected)
    {
        Assert.NotEmpty(outcomes);
        var wrong = outcomes.FirstOrDefault(outcome => !holds(outcome));
        Assert.True(wrong is null, $"expected {expected}; {wrong?.Result.Violation} in {wrong}");
        return this;
    }

    /// <summary>Something holds in some order of events.</summary>
    public Outcomes Some(Predicate<Outcome> holds, string expected)
    {
        Assert.True(outcomes.Any(outcome => holds(outcome)), $"expected sometimes {expected}; {outcomes[0]}");
        return this;
    }

    /// <summary>The mean of a figure.</summary>
    public double Mean(Func<Outcome, TimeSpan> figure) => outcomes.Average(outcome => figure(outcome).TotalMilliseconds);
}
