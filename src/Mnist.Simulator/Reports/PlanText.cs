using System.Globalization;
using Mnist.Simulator.Faults;

namespace Mnist.Simulator.Reports;

/// <summary>A fault plan in words.</summary>
internal static class PlanText
{
    /// <summary>The cluster and the run, then a line for each fault.</summary>
    public static IEnumerable<string> Lines(FaultPlan plan)
    {
        var (cluster, run) = (plan.Cluster, plan.Run);
        yield return $"seed {plan.Seed}: {SimulatorText.Count(cluster.Silos, "silo")}, {SimulatorText.Count(run.Workers, "worker")}, "
            + $"{SimulatorText.Count(run.Partitions, "partition")}; model {run.Model}, recipe {run.Recipe}, {run.Optimizer}, "
            + $"{SimulatorText.Count(run.Epochs, "epoch")} of {SimulatorText.Count(run.Samples, "sample")}, batch {run.Batch} in "
            + $"{SimulatorText.Count(run.Slices, "slice")}, a checkpoint each {Number(run.CheckpointSeconds)} s"
            + (run.Deleted ? ", deleted in the end" : "");
        foreach (var fault in plan.Faults)
        {
            yield return $"  {Line(fault)}";
        }
    }

    /// <summary>A fault in a line.</summary>
    public static string Line(Fault fault)
    {
        string?[] parts =
        [
            When(fault),
            SimulatorText.Words(fault.Kind.ToString()),
            fault.Target,
            fault.Other is { } other ? $"from {other}" : null,
            fault.Probability is { } probability ? $"with probability {Number(probability)}" : null,
            fault.Factor is { } factor ? $"{Number(factor)} times" : null,
            fault.Milliseconds is { } milliseconds ? $"by up to {Number(milliseconds)} ms" : null,
            fault.BytesPerSecond is { } rate ? $"to {Number(rate)} bytes/s" : null,
            $"for {Number(fault.For)} s",
        ];
        return string.Join(' ', parts.OfType<string>());
    }

    private static string When(Fault fault)
    {
        var suffix = fault.Slices is { } slices ? $" with {SimulatorText.Count(slices, "slice")}" : "";
        suffix += fault.Checkpoint is true ? " as a checkpoint is written" : "";
        return fault.Round is { } round ? $"from round {round}{suffix}:" : $"at {Number(fault.At ?? 0)} s:";
    }

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}
