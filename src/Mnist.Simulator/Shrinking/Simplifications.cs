using Mnist.Simulator.Faults;
using Mnist.Simulator.Models;

namespace Mnist.Simulator.Shrinking;

/// <summary>
/// What can be made simpler about a plan. Each proposes plans in place of a plan, the simplest first; not all of them are valid. What
/// is proposed is simpler than what it replaces, so that simplification ends.
/// </summary>
internal static class Simplifications
{
    /// <summary>The cluster and the run, what matters most to a reader first.</summary>
    public static IReadOnlyList<Func<FaultPlan, IEnumerable<FaultPlan>>> OfShape { get; } =
    [
        Run(run => Unless(run.Model == TrialModels.Exact, run with { Model = TrialModels.Exact })),
        Run(run => Unless(!run.Deleted, run with { Deleted = false })),
        Run(run => SimplerNumbers.Below(run.Epochs).Select(epochs => run with { Epochs = epochs })),
        Run(run => SimplerNumbers.Below(run.Workers).Select(workers => run with { Workers = workers })),
        Run(run => SimplerNumbers.Below(run.Partitions).Select(partitions => run with { Partitions = partitions })),
        Cluster(cluster => SimplerNumbers.Below(cluster.Silos).Select(silos => cluster with { Silos = silos })),
        Run(FewerSteps),
        Run(FewerSlices),
        Run(run => Unless(run.Batch <= run.Slices, WithBatch(run, run.Slices, run.Slices))),
        Run(run => Unless(run.Optimizer == "sgd", run with { Optimizer = "sgd" })),
        Run(run => Unless(run.Recipe == "tiny", run with { Recipe = "tiny" })),
        Run(run => Unless(run.Seed == 1, run with { Seed = 1 })),
        plan => Unless(plan.Seed == 1, plan with { Seed = 1 }),
        Run(run => SimplerNumbers.For(run.CheckpointSeconds).Select(seconds => run with { CheckpointSeconds = seconds })),
        Run(run => Ranges(run.SliceMilliseconds).Select(range => run with { SliceMilliseconds = range })),
        Cluster(cluster => Ranges(cluster.NetworkMilliseconds).Select(range => cluster with { NetworkMilliseconds = range })),
        Cluster(cluster => Ranges(cluster.StorageMilliseconds).Select(range => cluster with { StorageMilliseconds = range })),
        Cluster(cluster => Ranges(cluster.DetectionSeconds).Select(range => cluster with { DetectionSeconds = range })),
        Cluster(cluster => Ranges(cluster.NoticeSeconds).Select(range => cluster with { NoticeSeconds = range })),
        Cluster(cluster => Unless(cluster.DuplicateProbability == 0, cluster with { DuplicateProbability = 0 })),
    ];

    /// <summary>One fault. A fault that waits for a point of the run goes on doing so.</summary>
    public static IReadOnlyList<Func<Fault, IEnumerable<Fault>>> OfFault { get; } =
    [
        fault => Unless(fault.Slices is null, fault with { Slices = null }),
        fault => Unless(fault.Checkpoint is null, fault with { Checkpoint = null }),
        fault => Unless(fault.Other is null, fault with { Other = null }),
        fault => Unless(fault.Target is null, fault with { Target = null }),
        fault => Unless(fault.Probability is null or 1, fault with { Probability = 1 }),
        fault => SimplerNumbers.Below((int)(fault.Round ?? 0), 0).Select(round => fault with { Round = round }),
        fault => SimplerNumbers.For(fault.At ?? 0).Select(at => fault with { At = at }),
        fault => SimplerNumbers.For(fault.For).Select(seconds => fault with { For = seconds }),
        fault => SimplerNumbers.For(fault.Factor ?? 0).Select(factor => fault with { Factor = factor }),
        fault => SimplerNumbers.For(fault.Milliseconds ?? 0).Select(milliseconds => fault with { Milliseconds = milliseconds }),
        fault => SimplerNumbers.For(fault.BytesPerSecond ?? 0).Select(rate => fault with { BytesPerSecond = (long)rate }),
    ];

    private static Func<FaultPlan, IEnumerable<FaultPlan>> Run(Func<RunShape, IEnumerable<RunShape>> simplify) =>
        plan => simplify(plan.Run).Select(run => Fit(plan with { Run = run }));

    private static Func<FaultPlan, IEnumerable<FaultPlan>> Cluster(Func<ClusterShape, IEnumerable<ClusterShape>> simplify) =>
        plan => simplify(plan.Cluster).Select(cluster => Fit(plan with { Cluster = cluster }));

    private static IEnumerable<T> Unless<T>(bool isSimple, T simpler) => isSimple ? [] : [simpler];

    private static IEnumerable<RunShape> FewerSteps(RunShape run)
    {
        var steps = (run.Samples + run.Batch - 1) / run.Batch;
        var fewer = SimplerNumbers.Below(steps).Select(count => run with { Samples = count * run.Batch });
        return fewer.Concat(Unless(run.Samples % run.Batch == 0, run with { Samples = steps * run.Batch }));
    }

    private static IEnumerable<RunShape> FewerSlices(RunShape run)
    {
        for (var slices = 1; slices < run.Slices; slices *= 2)
        {
            yield return WithBatch(run, slices, Math.Max(1, run.Batch / run.Slices) * slices);
        }
    }

    /// <summary>The same number of steps with another batch.</summary>
    private static RunShape WithBatch(RunShape run, int slices, int batch)
    {
        var steps = (run.Samples + run.Batch - 1) / run.Batch;
        return run with { Slices = slices, Batch = batch, Samples = steps * batch };
    }

    /// <summary>One value in place of a range, then a rounder one. Never 0, in which time would stand still.</summary>
    private static IEnumerable<double[]> Ranges(double[] range)
    {
        var values = range[0] == range[1] ? SimplerNumbers.For(range[0]) : range.Append(1);
        return values.Where(value => value > 0).Select(value => new[] { value, value });
    }

    /// <summary>Whom a smaller cluster or run no longer has is replaced by the last that it has.</summary>
    private static FaultPlan Fit(FaultPlan plan) => plan with
    {
        Faults =
        [
            .. plan.Faults.Select(fault => fault with
            {
                Target = Fit(fault.Target, plan),
                Other = Fit(fault.Other, plan),
                Slices = fault.Slices < plan.Run.Slices ? fault.Slices : null,
            }),
        ],
    };

    private static string? Fit(string? target, FaultPlan plan)
    {
        if (target is null || FaultTarget.Exists(target, plan))
        {
            return target;
        }

        return FaultTarget.Partition(target) is not null ? FaultTarget.Server(plan.Run.Partitions - 1)
            : FaultTarget.WorkerIndex(target) is not null ? FaultTarget.Worker(plan.Run.Workers - 1)
            : FaultTarget.Silo(plan.Cluster.Silos);
    }
}
