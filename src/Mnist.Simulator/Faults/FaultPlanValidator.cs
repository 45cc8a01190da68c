using Mnist.Learning;
using Mnist.Simulator.Models;

namespace Mnist.Simulator.Faults;

/// <summary>Checks that a plan, whoever wrote it, can be run. Fields are named as in its JSON form.</summary>
public static class FaultPlanValidator
{
    private const double LongestFault = 600;

    /// <summary>Checks every field.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="source">Where it comes from, for messages.</param>
    /// <exception cref="InvalidInputException">A field is out of range.</exception>
    public static void Validate(FaultPlan plan, string source)
    {
        var check = new Checker(source);
        Validate(plan.Cluster, check);
        Validate(plan.Run, check);
        for (var i = 0; i < plan.Faults.Length; i++)
        {
            Validate(plan.Faults[i], plan, check.Within($"faults[{i}]."));
        }
    }

    private static void Validate(ClusterShape cluster, Checker check)
    {
        check.That(cluster.Silos is >= 1 and <= 64, "cluster.silos", cluster.Silos, "1 to 64");
        check.Range(cluster.NetworkMilliseconds, "cluster.networkMilliseconds");
        check.Range(cluster.StorageMilliseconds, "cluster.storageMilliseconds");
        check.Range(cluster.DetectionSeconds, "cluster.detectionSeconds");
        check.Range(cluster.NoticeSeconds, "cluster.noticeSeconds");
        check.Probability(cluster.DuplicateProbability, "cluster.duplicateProbability", least: 0);
    }

    private static void Validate(RunShape run, Checker check)
    {
        check.That(TrialModels.Names.Contains(run.Model), "run.model", run.Model, $"one of {string.Join(", ", TrialModels.Names)}");
        check.That(run.Samples is >= 1 and <= 100_000, "run.samples", run.Samples, "1 to 100000");
        check.That(run.Workers is >= 1 and <= 1000, "run.workers", run.Workers, "1 to 1000");
        check.That(run.Partitions is >= 1 and <= 16, "run.partitions", run.Partitions, "1 to 16");
        check.That(run.CheckpointSeconds is > 0 and <= 3600, "run.checkpointSeconds", run.CheckpointSeconds, "above 0, up to 3600");
        check.Range(run.SliceMilliseconds, "run.sliceMilliseconds");
        try
        {
            _ = TrialModels.CreateSpec(run);
        }
        catch (InvalidInputException exception)
        {
            throw new InvalidInputException($"{check.Source}: run: {exception.Message}", exception);
        }
    }

    private static void Validate(Fault fault, FaultPlan plan, Checker check)
    {
        check.That(fault.At is null != fault.Round is null, "at", fault.At, "either at (seconds) or round, not both");
        check.That(fault.At is not { } at || (at >= 0 && at <= 3600), "at", fault.At, "0 to 3600 seconds");
        check.That(fault.Round is not < 0, "round", fault.Round, "0 or more");
        check.That(
            fault.Slices is not { } slices || (fault.Round is not null && slices >= 1 && slices < plan.Run.Slices),
            "slices", fault.Slices, $"1 to {plan.Run.Slices - 1}, with a round");
        check.That(fault.Checkpoint is null || fault.Round is not null, "checkpoint", fault.Checkpoint, "none without a round");
        check.That(fault.For is > 0 and <= LongestFault, "for", fault.For, $"above 0, up to {LongestFault} seconds");

        var (allowed, required) = (FaultRules.Properties(fault.Kind), FaultRules.Required(fault.Kind));
        void CheckPresence(FaultProperties property, string name, object? value)
        {
            check.That(value is not null || !required.HasFlag(property), name, value, $"something, for a fault of the kind {fault.Kind}");
            check.That(value is null || allowed.HasFlag(property), name, value, $"nothing, for a fault of the kind {fault.Kind}");
        }

        CheckPresence(FaultProperties.Target, "target", fault.Target);
        CheckPresence(FaultProperties.Other, "other", fault.Other);
        CheckPresence(FaultProperties.Probability, "probability", fault.Probability);
        CheckPresence(FaultProperties.Factor, "factor", fault.Factor);
        CheckPresence(FaultProperties.Milliseconds, "milliseconds", fault.Milliseconds);
        CheckPresence(FaultProperties.BytesPerSecond, "bytesPerSecond", fault.BytesPerSecond);
        check.Target(fault.Target, "target", plan);
        check.Target(fault.Other, "other", plan);
        check.That(
            fault.Kind != FaultKind.DuplicateActivation || FaultTarget.IsGrain(fault.Target!), "target", fault.Target,
            "a grain: run, server/N or worker/N");
        check.Probability(fault.Probability ?? 1, "probability", least: double.Epsilon);
        check.That(fault.Factor is null or (>= 1 and <= 10_000), "factor", fault.Factor, "1 to 10000");
        check.That(fault.Milliseconds is null or (> 0 and <= 60_000), "milliseconds", fault.Milliseconds, "above 0, up to 60000");
        check.That(fault.BytesPerSecond is null or >= 1_000, "bytesPerSecond", fault.BytesPerSecond, "1000 or more");
    }

    private sealed record Checker(string Source, string Prefix = "")
    {
        public Checker Within(string prefix) => this with { Prefix = Prefix + prefix };

        public void That(bool isRight, string field, object? found, string expected)
        {
            if (!isRight)
            {
                throw new InvalidInputException(
                    FormattableString.Invariant($"{Source}: {Prefix}{field} is {found ?? "missing"}, expected {expected}"));
            }
        }

        public void Range(double[] range, string field) => That(
            range is [var least, var most] && least >= 0 && most >= least && most <= 600_000,
            field,
            $"[{string.Join(", ", range)}]",
            "[least, most], both from 0");

        public void Probability(double value, string field, double least) =>
            That(value >= least && value <= 1, field, value, least == 0 ? "0 to 1" : "above 0, up to 1");

        public void Target(string? target, string field, FaultPlan plan) => That(
            target is null || FaultTarget.Exists(target, plan), field, target,
            $"silo-1 to silo-{plan.Cluster.Silos}, server/0 to server/{plan.Run.Partitions - 1}, "
            + $"worker/0 to worker/{plan.Run.Workers - 1}, run or client");
    }
}
