using Mnist.Simulator.Faults;

namespace Mnist.Simulator.Tests.Scenarios;

/// <summary>
/// A fault plan that is written as a sentence: <c>Scenario.With(silos: 3, workers: 4).When(Round(7)).Crash(TheServer).For(2.Seconds())</c>.
/// Steps of training take 20 to 25 ms of virtual time when nothing goes wrong and four workers share eight slices.
/// </summary>
internal sealed class Scenario
{
    private const int Seeds = 5;

    private readonly FaultPlan _plan;

    private Scenario(FaultPlan plan) => _plan = plan;

    /// <summary>A cluster that trains for some epochs of 20 steps each, and writes a checkpoint ten times a second.</summary>
    public static Scenario With(int silos, int workers, int epochs = 2) => new(new FaultPlan
    {
        Seed = 1,
        Cluster = new ClusterShape
        {
            Silos = silos,
            NetworkMilliseconds = [0.1, 0.5],
            StorageMilliseconds = [0.5, 5],
            DetectionSeconds = [1, 2],
            NoticeSeconds = [0.5, 1],
        },
        Run = new RunShape
        {
            Epochs = epochs,
            Samples = 640,
            Batch = 32,
            Slices = 8,
            Workers = workers,
            CheckpointSeconds = 0.1,
            SliceMilliseconds = [10, 11],
        },
        Faults = [],
    });

    /// <summary>The run is deleted when its results have been fetched.</summary>
    public Scenario DeletedInTheEnd() => new(_plan with { Run = _plan.Run with { Deleted = true } });

    /// <summary>What follows happens at a moment.</summary>
    public Moment When(Fault moment) => new(this, moment);

    /// <summary>Another fault.</summary>
    public Scenario Add(Fault fault) => new(_plan with { Faults = [.. _plan.Faults, fault] });

    /// <summary>Lets it happen, in several orders of events.</summary>
    /// <param name="isMeant">Which orders are those that the sentence speaks of; null for all.</param>
    public Outcomes Run(Predicate<Outcome>? isMeant = null) => new(
        [.. Enumerable.Range(1, isMeant is null ? Seeds : 4 * Seeds)
            .Select(seed => Outcome.Of(_plan with { Seed = (ulong)seed }))
            .Where(outcome => isMeant?.Invoke(outcome) ?? true)]);
}

/// <summary>Something is about to go wrong.</summary>
internal sealed class Moment(Scenario scenario, Fault moment)
{
    public Lasting Crash(string whom) => Begin(FaultKind.Crash, whom);

    public Lasting Stop(string whom) => Begin(FaultKind.Stop, whom);

    public Lasting Pause(string whom) => Begin(FaultKind.Pause, whom);

    public Lasting Duplicate(string whom) => Begin(FaultKind.DuplicateActivation, whom);

    public Lasting CutOff(string whom) => Begin(FaultKind.Partition, whom);

    public Lasting RefuseToStore() => new(scenario, moment with { Kind = FaultKind.RefusingStorage, Probability = 1 });

    public Lasting Slow(string whom, double times) =>
        new(scenario, moment with { Kind = FaultKind.Straggler, Target = whom, Factor = times });

    private Lasting Begin(FaultKind kind, string whom) => new(scenario, moment with { Kind = kind, Target = whom });
}

/// <summary>Something is wrong.</summary>
internal sealed class Lasting(Scenario scenario, Fault fault)
{
    public Scenario For(TimeSpan duration) => scenario.Add(fault with { For = duration.TotalSeconds });
}

/// <summary>The words that scenarios are made of.</summary>
internal static class Words
{
    public const string TheServer = "server/0";
    public const string TheRun = FaultTarget.Run;

    /// <summary>As soon as the server serves a round.</summary>
    public static Fault Round(long number) => new() { Kind = default, For = default, Round = number };

    /// <summary>As soon as some of a round's slices, but not all, have been received.</summary>
    public static Fault MidRound(long number) => Round(number) with { Slices = 3 };

    /// <summary>As soon as a checkpoint of a round, or of a later one, is on its way to storage.</summary>
    public static Fault ACheckpointIsOnItsWay(long afterRound) => Round(afterRound) with { Checkpoint = true };

    public static string Worker(int index) => FaultTarget.Worker(index);

    public static string Silo(int number) => FaultTarget.Silo(number);

    extension(double number)
    {
        public TimeSpan Seconds() => TimeSpan.FromSeconds(number);
    }

    extension(int number)
    {
        public TimeSpan Seconds() => TimeSpan.FromSeconds(number);

        public TimeSpan Minutes() => TimeSpan.FromMinutes(number);
    }
}
