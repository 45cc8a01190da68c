using System.Globalization;

namespace Mnist.Simulator.Planning;

/// <summary>Tells of a plan in words.</summary>
internal static class PlanText
{
    /// <summary>The head of the table.</summary>
    public const string Head = "workers  silos       images/s  efficiency      step ms  server  network  mode";

    /// <summary>What is planned, in one line.</summary>
    public static string Title(PlanInput input) => string.Create(
        CultureInfo.InvariantCulture,
        $"{input.Spec.Recipe}, {input.Spec.Slices} slices of {input.Spec.GlobalBatch / input.Spec.Slices} images a step, {Network(input.Network)}");

    /// <summary>What is assumed, and where the numbers come from.</summary>
    public static IEnumerable<string> Assumptions(PlanInput input)
    {
        var calibration = input.Calibration;
        yield return Title(input);
        yield return Invariant(
            $"cluster      {input.WorkersPerSilo} workers on each silo, {input.Partitions} parameter servers on silos of the workers");
        yield return Invariant(
            $"measured     {calibration.MeasuredAt:yyyy-MM-dd HH:mm} UTC on {calibration.Machine}, while nothing else ran there:");
        yield return Invariant(
            $"             a slice {calibration.AloneSlice.Mean:0} µs alone, {calibration.BusySlice.Mean:0} µs with all {calibration.Cores} cores busy;");
        yield return Invariant(
            $"             a step {calibration.WorkerOverhead.Mean:0} µs for a worker besides, {ServerMicroseconds(input):0} µs for the server, {calibration.Server.Call:0.0} µs for each call");
        yield return "modelled     the production grains in virtual time: who computes what, late slices computed again, calls, time-outs;";
        yield return "             time for computing, for the server, for the bytes of frames; latency; several workers sharing cores";
        yield return "not modelled evaluations and checkpoints; serializing by Orleans (the network's part of it, where that was measured);";
        yield return "             machines of different speed, other programs on them, failures (`run` is for these)";
    }

    /// <summary>A row of the table.</summary>
    public static string Row(PlanPoint point)
    {
        var step = double.IsFinite(point.StepMilliseconds) ? Invariant($"{point.StepMilliseconds,12:#,0.00}") : "no progress:";
        var mode = double.IsFinite(point.StepMilliseconds) ? $"{point.Consistency}, {point.Compression}" : "calls time out before they are answered";
        return Invariant(
            $"{point.Workers,7:#,0} {point.Silos,6:#,0} {point.ImagesPerSecond,14:#,0} {point.Efficiency,11:0.0%} {step} {point.ServerLoad,7:0.0%} {point.NetworkLoad,8:0.0%}  {mode}");
    }

    /// <summary>What else there is to say.</summary>
    public static string? Remark(PlanInput input, IReadOnlyList<PlanPoint> points) =>
        points.Max(point => point.Workers) is var most && most > input.Spec.Slices
            ? Invariant($"a step has {input.Spec.Slices} slices: of {most:#,0} workers as many compute, the others wait; see --slices")
            : null;

    /// <summary>A row of the comparison with real training.</summary>
    public static string Row(Comparison comparison) => Invariant(
        $"{comparison.Workers,7} {comparison.Predicted,12:#,0} {comparison.Measured,12:#,0} {comparison.Difference,11:+0.0%;-0.0%} {comparison.MeasuredMedian,28:#,0}");

    /// <summary>The head of the comparison.</summary>
    public const string ComparisonHead = "workers    predicted     measured  difference  measured, with all else that ran";

    private static double ServerMicroseconds(PlanInput input)
    {
        var elements = input.Layout.ContributionLength;
        var server = input.Calibration.Server;
        return server.Frame.Of(elements) + server.Step.Of(elements) + (server.StepPerSlice * input.Spec.Slices);
    }

    private static string Network(NetworkModel network) => double.IsFinite(network.BytesPerSecond)
        ? Invariant($"network {network.Name}: {network.BytesPerSecond * 8 / 1e6:#,0} Mbit/s each way, {network.Latency.TotalMicroseconds:0} µs")
        : "a network that costs nothing";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
