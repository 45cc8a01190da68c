using Mnist.Learning;
using Mnist.Simulator.Faults;
using Mnist.Simulator.Trials;

namespace Mnist.Simulator.Tests.Faults;

public sealed class FaultPlanTests
{
    private const int SeedsForEveryKind = 150;

    /// <summary>A fault of each kind, as somebody writes it.</summary>
    public static TheoryData<FaultKind, string> HandWritten => new()
    {
        { FaultKind.Crash, """{ "kind": "crash", "round": 3, "for": 1, "target": "server/0" }""" },
        { FaultKind.Stop, """{ "kind": "stop", "at": 0.1, "for": 1, "target": "silo-2" }""" },
        { FaultKind.Pause, """{ "kind": "pause", "round": 2, "slices": 1, "for": 0.5, "target": "worker/1" }""" },
        { FaultKind.Loss, """{ "kind": "loss", "at": 0, "for": 2, "probability": 0.2 }""" },
        { FaultKind.ResponseLoss, """{ "kind": "responseLoss", "at": 0, "for": 2, "target": "silo-1", "probability": 0.5 }""" },
        { FaultKind.Delay, """{ "kind": "delay", "at": 0, "for": 2, "milliseconds": 50 }""" },
        { FaultKind.Bandwidth, """{ "kind": "bandwidth", "at": 0, "for": 2, "target": "client", "bytesPerSecond": 1000 }""" },
        { FaultKind.Partition, """{ "kind": "partition", "round": 2, "for": 2, "target": "server/0", "other": "worker/0" }""" },
        { FaultKind.OneWayPartition, """{ "kind": "oneWayPartition", "round": 2, "for": 2, "target": "silo-1" }""" },
        { FaultKind.DuplicateActivation, """{ "kind": "duplicateActivation", "round": 2, "for": 1, "target": "server/0" }""" },
        { FaultKind.SlowStorage, """{ "kind": "slowStorage", "at": 0, "for": 2, "milliseconds": 100 }""" },
        { FaultKind.RefusingStorage, """{ "kind": "refusingStorage", "round": 1, "for": 2, "probability": 1 }""" },
        { FaultKind.ConflictingStorage, """{ "kind": "conflictingStorage", "round": 1, "for": 2, "probability": 0.5 }""" },
        { FaultKind.LostWrites, """{ "kind": "lostWrites", "round": 1, "checkpoint": true, "for": 2, "probability": 0.5 }""" },
        { FaultKind.Straggler, """{ "kind": "straggler", "at": 0, "for": 2, "target": "worker/0", "factor": 10 }""" },
        { FaultKind.CoordinatorRestart, """{ "kind": "coordinatorRestart", "round": 2, "for": 1 }""" },
        { FaultKind.RunPause, """{ "kind": "runPause", "round": 2, "for": 1 }""" },
    };

    [Theory]
    [MemberData(nameof(HandWritten))]
    public void A_fault_can_be_written_by_hand(FaultKind kind, string fault)
    {
        var plan = FaultPlanJson.Parse($$"""{ "seed": 1, "cluster": {}, "run": {}, "faults": [ {{fault}} ] }""", "plan.json");

        var result = Runs.Of(plan);

        Assert.Null(result.Violation);
        Assert.Equal(1, result.Coverage[CoverageNames.Fault + kind]);
    }

    [Fact]
    public void Every_kind_of_fault_has_been_written_by_hand() =>
        Assert.Equal(Enum.GetValues<FaultKind>(), HandWritten.Select(row => row.Data.Item1));

    [Fact]
    public void Every_kind_of_fault_strikes_within_150_seeds()
    {
        var coverage = new Coverage();
        for (ulong seed = 1; seed <= SeedsForEveryKind; seed++)
        {
            coverage.Add(Runs.Of(seed).Coverage);
        }

        Assert.All(Enum.GetValues<FaultKind>(), kind => Assert.True(coverage[CoverageNames.Fault + kind] >= 3, $"{kind} is too rare"));
        Assert.All(
            [CoverageNames.ServerLostMidStep, CoverageNames.CheckpointLost, CoverageNames.Duplicate],
            name => Assert.True(coverage[name] >= 3, $"{name} is too rare"));
    }

    [Fact]
    public void Plans_of_seeds_are_valid_and_come_back_from_their_text_as_they_were()
    {
        for (ulong seed = 1; seed <= 500; seed++)
        {
            var text = FaultPlanJson.Serialize(FaultPlanGenerator.Create(seed));

            Assert.Equal(text, FaultPlanJson.Serialize(FaultPlanJson.Parse(text, $"seed {seed}")));
        }
    }

    [Fact]
    public void A_plan_comes_back_from_its_file_and_runs_as_before()
    {
        var path = Path.GetTempFileName();
        try
        {
            var plan = FaultPlanGenerator.Create(3);
            FaultPlanJson.Write(path, plan);

            Assert.Equal(Runs.Of(plan).EventHash, Runs.Of(FaultPlanJson.Read(path)).EventHash);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        var exception = Assert.Throws<InvalidInputException>(() => FaultPlanJson.Read("no-such-plan.json"));

        Assert.StartsWith("no-such-plan.json: cannot be read", exception.Message, StringComparison.Ordinal);
    }
}
