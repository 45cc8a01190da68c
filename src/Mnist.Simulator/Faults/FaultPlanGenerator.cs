using Mnist.Simulator.Models;
using Orleans.Simulation;

namespace Mnist.Simulator.Faults;

/// <summary>
/// Draws a plan from a seed. Each seed stresses a different corner: it takes part of the kinds of faults only, as in swarm testing
/// (Groce et al., "Swarm testing", ISSTA 2012), since a plan in which everything happens at once hides what single faults do.
/// </summary>
internal static class FaultPlanGenerator
{
    private const int MaximumFaults = 12;
    private static readonly string[] Recipes = ["tiny", "small", "classic"];

    /// <summary>The plan of a seed.</summary>
    public static FaultPlan Create(ulong seed)
    {
        var random = new SimulatedRandom(seed, "plan");
        var run = CreateRun(random) with { Deleted = new SimulatedRandom(seed, "deletion").NextBoolean(0.3) };
        var cluster = CreateCluster(random);
        return new FaultPlan { Seed = seed, Cluster = cluster, Run = run, Faults = CreateFaults(random, cluster, run) };
    }

    private static RunShape CreateRun(SimulatedRandom random)
    {
        // Few different runs, so that what they have to arrive at is computed once for many seeds.
        var isTiny = random.NextBoolean(0.02);
        var slices = isTiny ? 8 : 1 << random.NextInt32(5);
        var batch = slices * (1 + random.NextInt32(2));
        var steps = isTiny ? 4 : 4 + random.NextInt32(12);
        var least = Pick(random, [0.3, 1, 4]);
        return new RunShape
        {
            Model = isTiny ? TrialModels.Tiny : TrialModels.Exact,
            Recipe = isTiny ? "tiny" : Pick(random, Recipes),
            Optimizer = random.NextBoolean(0.3) ? "sgd" : "adam",
            Seed = (ulong)(1 + random.NextInt32(3)),
            Epochs = 1 + random.NextInt32(3),
            Samples = isTiny ? 250 : (steps * batch) - random.NextInt32(batch),
            Batch = isTiny ? 64 : batch,
            Slices = slices,
            Workers = 1 + random.NextInt32(6),
            Partitions = random.NextBoolean(0.6) ? 1 : 2 + random.NextInt32(3),
            CheckpointSeconds = Pick(random, [0.01, 0.1, 0.5, 5]),
            SliceMilliseconds = [least, least * (1 + (random.NextInt32(40) / 10.0))],
        };
    }

    private static ClusterShape CreateCluster(SimulatedRandom random)
    {
        var detection = Pick(random, [0.5, 2, 5]);
        return new ClusterShape
        {
            Silos = 1 + random.NextInt32(5),
            NetworkMilliseconds = [0.05, Pick(random, [0.3, 2, 10])],
            StorageMilliseconds = [0.5, Pick(random, [3, 20, 100.0])],
            DetectionSeconds = [detection, detection * 3],
            NoticeSeconds = [0, Pick(random, [0.5, 5.0])],
            DuplicateProbability = random.NextBoolean(0.3) ? 0.3 : 0,
        };
    }

    private static Fault[] CreateFaults(SimulatedRandom random, ClusterShape cluster, RunShape run)
    {
        var kinds = FaultRules.Kinds.Where(_ => random.NextBoolean(0.35)).ToArray();
        if (kinds.Length == 0)
        {
            kinds = [Pick(random, FaultRules.Kinds)];
        }

        var faults = new Fault[1 + random.NextInt32(MaximumFaults)];
        for (var i = 0; i < faults.Length; i++)
        {
            faults[i] = CreateFault(random, Pick(random, kinds), cluster, run);
        }

        return faults;
    }

    private static Fault CreateFault(SimulatedRandom random, FaultKind kind, ClusterShape cluster, RunShape run)
    {
        var properties = FaultRules.Properties(kind);
        var fault = new Fault
        {
            Kind = kind,
            For = Duration(random, kind),
            Target = DrawTarget(random, kind, cluster, run),
            Other = properties.HasFlag(FaultProperties.Other) && random.NextBoolean(0.5)
                ? FaultTarget.Silo(1 + random.NextInt32(cluster.Silos))
                : null,
            Probability = properties.HasFlag(FaultProperties.Probability) ? Pick(random, [0.05, 0.2, 0.5, 1]) : null,
            Factor = properties.HasFlag(FaultProperties.Factor) ? Pick(random, [3, 10, 100]) : null,
            Milliseconds = properties.HasFlag(FaultProperties.Milliseconds) ? Pick(random, [5, 50, 500]) : null,
            BytesPerSecond = properties.HasFlag(FaultProperties.BytesPerSecond) ? Pick(random, [10_000L, 100_000, 1_000_000]) : null,
        };
        return At(random, fault, run);
    }

    /// <summary>
    /// Some faults strike at a time, the others at a point of the run: a run that waits is not hit again and again.
    /// </summary>
    private static Fault At(SimulatedRandom random, Fault fault, RunShape run)
    {
        var rounds = (((run.Samples + run.Batch - 1) / run.Batch) + 1) * run.Epochs;
        if (fault.Kind == FaultKind.Crash && FaultTarget.Partition(fault.Target!) is not null && run.Slices > 1 && random.NextBoolean(0.6))
        {
            // The greatest loss: part of a step is there, and goes with the server.
            return fault with { Round = random.NextInt32(rounds), Slices = 1 + random.NextInt32(run.Slices - 1) };
        }

        if (random.NextBoolean(0.4))
        {
            return fault with { At = Rounded(random.NextDouble() * Pick(random, [0.3, 2, 10])) };
        }

        fault = fault with { Round = random.NextInt32(rounds) };
        return random.NextInt32(4) switch
        {
            0 when run.Slices > 1 => fault with { Slices = 1 + random.NextInt32(run.Slices - 1) },
            1 => fault with { Checkpoint = true },
            _ => fault,
        };
    }

    private static string? DrawTarget(SimulatedRandom random, FaultKind kind, ClusterShape cluster, RunShape run)
    {
        var properties = FaultRules.Properties(kind);
        if (!properties.HasFlag(FaultProperties.Target) || (!properties.HasFlag(FaultProperties.NeedsTarget) && random.NextBoolean(0.5)))
        {
            return null;
        }

        if (kind == FaultKind.Crash && random.NextBoolean(0.4))
        {
            return FaultTarget.Server(run.Partitions - 1);
        }

        return random.NextInt32(kind == FaultKind.DuplicateActivation ? 3 : 5) switch
        {
            0 => FaultTarget.Run,
            1 => FaultTarget.Server(random.NextInt32(run.Partitions)),
            2 => FaultTarget.Worker(random.NextInt32(run.Workers)),
            3 => FaultTarget.Server(run.Partitions - 1),
            _ => FaultTarget.Silo(1 + random.NextInt32(cluster.Silos)),
        };
    }

    private static double Duration(SimulatedRandom random, FaultKind kind) => Rounded(kind switch
    {
        FaultKind.Crash or FaultKind.Stop or FaultKind.Pause => 0.05 + (random.NextDouble() * Pick(random, [0.5, 5, 20])),
        FaultKind.DuplicateActivation => 0.05 + (random.NextDouble() * Pick(random, [1, 10.0])),
        _ => 0.05 + (random.NextDouble() * Pick(random, [0.3, 3, 30])),
    });

    private static double Rounded(double seconds) => Math.Round(seconds, 3);

    private static T Pick<T>(SimulatedRandom random, IReadOnlyList<T> choices) => choices[random.NextInt32(choices.Count)];
}
