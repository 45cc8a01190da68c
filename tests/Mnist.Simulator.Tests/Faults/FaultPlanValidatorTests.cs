using Mnist.Learning;
using Mnist.Simulator.Faults;

namespace Mnist.Simulator.Tests.Faults;

public sealed class FaultPlanValidatorTests
{
    [Theory]
    [InlineData("""{ "silos": 0 }""", "cluster.silos is 0, expected 1 to 64")]
    [InlineData("""{ "networkMilliseconds": [2, 1] }""", "cluster.networkMilliseconds is [2, 1], expected [least, most], both from 0")]
    [InlineData("""{ "storageMilliseconds": [1] }""", "cluster.storageMilliseconds is [1], expected [least, most], both from 0")]
    [InlineData("""{ "detectionSeconds": [-1, 1] }""", "cluster.detectionSeconds is [-1, 1], expected [least, most], both from 0")]
    [InlineData("""{ "noticeSeconds": [] }""", "cluster.noticeSeconds is [], expected [least, most], both from 0")]
    [InlineData("""{ "duplicateProbability": 1.5 }""", "cluster.duplicateProbability is 1.5, expected 0 to 1")]
    public void A_cluster_that_there_cannot_be_is_refused(string cluster, string message) => Refuses(message, cluster: cluster);

    [Theory]
    [InlineData("""{ "model": "huge" }""", "run.model is huge, expected one of exact, tiny")]
    [InlineData("""{ "recipe": "none" }""", "run: ")]
    [InlineData("""{ "optimizer": "none" }""", "run: ")]
    [InlineData("""{ "epochs": 0 }""", "run: ")]
    [InlineData("""{ "samples": 0 }""", "run.samples is 0, expected 1 to 100000")]
    [InlineData("""{ "batch": 0 }""", "run: ")]
    [InlineData("""{ "slices": 3 }""", "run: ")]
    [InlineData("""{ "workers": 0 }""", "run.workers is 0, expected 1 to 1000")]
    [InlineData("""{ "partitions": 17 }""", "run.partitions is 17, expected 1 to 16")]
    [InlineData("""{ "checkpointSeconds": 0 }""", "run.checkpointSeconds is 0, expected above 0, up to 3600")]
    [InlineData("""{ "sliceMilliseconds": [3] }""", "run.sliceMilliseconds is [3], expected [least, most], both from 0")]
    public void A_run_that_there_cannot_be_is_refused(string run, string message) => Refuses(message, run: run);

    [Theory]
    [InlineData(""" "kind": "runPause", "for": 1 """, "at is missing, expected either at (seconds) or round, not both")]
    [InlineData(""" "kind": "runPause", "for": 1, "at": 1, "round": 1 """, "at is 1, expected either at (seconds) or round, not both")]
    [InlineData(""" "kind": "runPause", "for": 1, "at": -1 """, "at is -1, expected 0 to 3600 seconds")]
    [InlineData(""" "kind": "runPause", "for": 1, "round": -1 """, "round is -1, expected 0 or more")]
    [InlineData(""" "kind": "runPause", "for": 1, "round": 1, "slices": 8 """, "slices is 8, expected 1 to 7, with a round")]
    [InlineData(""" "kind": "runPause", "for": 1, "at": 1, "slices": 1 """, "slices is 1, expected 1 to 7, with a round")]
    [InlineData(""" "kind": "runPause", "for": 1, "at": 1, "checkpoint": true """, "checkpoint is True, expected none without a round")]
    [InlineData(""" "kind": "runPause", "for": 0, "at": 1 """, "for is 0, expected above 0, up to 600 seconds")]
    [InlineData(""" "kind": "crash", "for": 1, "at": 1 """, "target is missing, expected something, for a fault of the kind Crash")]
    [InlineData(""" "kind": "delay", "for": 1, "at": 1, "milliseconds": 1, "target": "run" """,
        "target is run, expected nothing, for a fault of the kind Delay")]
    [InlineData(""" "kind": "crash", "for": 1, "at": 1, "target": "run", "other": "silo-1" """,
        "other is silo-1, expected nothing, for a fault of the kind Crash")]
    [InlineData(""" "kind": "crash", "for": 1, "at": 1, "target": "silo-4" """,
        "target is silo-4, expected silo-1 to silo-3, server/0 to server/0, worker/0 to worker/2, run or client")]
    [InlineData(""" "kind": "partition", "for": 1, "at": 1, "target": "run", "other": "server/1" """,
        "other is server/1, expected silo-1 to silo-3, server/0 to server/0, worker/0 to worker/2, run or client")]
    [InlineData(""" "kind": "duplicateActivation", "for": 1, "at": 1, "target": "silo-1" """,
        "target is silo-1, expected a grain: run, server/N or worker/N")]
    [InlineData(""" "kind": "loss", "for": 1, "at": 1 """, "probability is missing, expected something, for a fault of the kind Loss")]
    [InlineData(""" "kind": "loss", "for": 1, "at": 1, "probability": 0 """, "probability is 0, expected above 0, up to 1")]
    [InlineData(""" "kind": "straggler", "for": 1, "at": 1, "target": "worker/0", "factor": 0.5 """, "factor is 0.5, expected 1 to 10000")]
    [InlineData(""" "kind": "delay", "for": 1, "at": 1, "milliseconds": 0 """, "milliseconds is 0, expected above 0, up to 60000")]
    [InlineData(""" "kind": "bandwidth", "for": 1, "at": 1, "bytesPerSecond": 1 """, "bytesPerSecond is 1, expected 1000 or more")]
    public void A_fault_that_there_cannot_be_is_refused(string fault, string message) =>
        Refuses("faults[1]." + message, faults: $$"""{ "kind": "runPause", "at": 1, "for": 1 }, { {{fault}} }""");

    [Theory]
    [InlineData("""{ "kind": "earthquake", "at": 1, "for": 1 }""", "faults[0].kind")]
    [InlineData("""{ "kind": 3, "at": 1, "for": 1 }""", "faults[0].kind")]
    [InlineData("""{ "kind": "runPause", "at": 1 }""", "'for'")]
    [InlineData("""{ "kind": "runPause", "at": 1, "for": 1, "colour": "red" }""", "colour")]
    [InlineData("""{ "kind": "runPause", "at": "1", "for": 1 }""", "faults[0].at")]
    public void Text_that_is_not_a_plan_is_refused(string fault, string field)
    {
        var message = Refuses("is not a fault plan", faults: fault);

        Assert.Contains(field, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    private static string Refuses(string message, string cluster = "{}", string run = "{}", string faults = "")
    {
        var json = $$"""{ "seed": 1, "cluster": {{cluster}}, "run": {{run}}, "faults": [ {{faults}} ] }""";
        var exception = Assert.Throws<InvalidInputException>(() => FaultPlanJson.Parse(json, "plan.json"));

        Assert.StartsWith("plan.json: " + message, exception.Message, StringComparison.Ordinal);
        return exception.Message;
    }
}
