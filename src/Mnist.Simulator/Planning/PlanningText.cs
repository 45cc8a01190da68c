using System.Globalization;

namespace Mnist.Simulator.Planning;

/// <summary>Tells of a plan in words.</summary>
internal static class PlanningText
{
    /// <summary>The head of the table.</summary>
    public const string Head = "workers  silos       images/s  efficiency      step ms  server  network  mode";

    /// <summary>What is planned, in one line.</summary>
    public static string Title(PlanInput input)
    {
        var images = input.Spec.GlobalBatch / input.Spec.Slices;
        return Invariant($"{input.Spec.Recipe}, {input.Spec.Slices} slices of {images} images a step, {Network(input.Network)}");
    }

    /// <summary>What is assumed, and where the numbers come from.</summary>
    public static IEnumerable<string> Assumptions(PlanInput input)
    {
        var measured = input.Calibration;
        var (alone, busy) = (measured.AloneSlice.Mean, measured.BusySlice.Mean);
        var (worker, server, call) = (measured.WorkerOverhead.Mean, ServerMicroseconds(input), measured.Server.Call);
        yield return Title(input);
        yield return Invariant($"cluster      workers on a silo: {input.WorkersPerSilo}; parameter servers: {input.Partitions}");
        yield return Invariant($"measured     {measured.MeasuredAt:yyyy-MM-dd HH:mm} UTC on {measured.Machine}, medians:");
        yield return Invariant($"             a slice {alone:0} µs alone, {busy:0} µs with all {measured.Cores} cores busy;");
        yield return Invariant($"             besides, each step {worker:0} µs for a worker, {server:0} µs for the server;");
        yield return Invariant($"             a call {call:0.0} µs");
        yield return "modelled     the production grains in virtual time: who computes what, late slices computed again, calls, time-outs;";
        yield return "             time for computing, for the server, for the bytes of frames; latency; several workers sharing cores";
        yield return "not modelled evaluations and checkpoints; serializing by Orleans, but where the network was measured with it;";
        yield return "             machines of different speed, other programs on them, failures (`run` is for these)";
    }

    /// <summary>A row of the table.</summary>
    public static string Row(PlanPoint point)
    {
        var isStuck = double.IsInfinity(point.StepMilliseconds);
        var step = isStuck ? "no progress:" : Invariant($"{point.StepMilliseconds,12:#,0.00}");
        var mode = isStuck ? "calls time out before they are answered" : $"{point.Consistency}, {point.Compression}";
        return Invariant($"{point.Workers,7:#,0} {point.Silos,6:#,0} {point.ImagesPerSecond,14:#,0} {point.Efficiency,11:0.0%} {step} ")
            + Invariant($"{point.ServerLoad,7:0.0%} {point.NetworkLoad,8:0.0%}  {mode}");
    }

    /// <summary>What else there is to say.</summary>
    public static string? Remark(PlanInput input, IReadOnlyList<PlanPoint> points) =>
        points.Max(point => point.Workers) is var most && most > input.Spec.Slices
            ? Invariant($"a step has {input.Spec.Slices} slices: of {most:#,0} workers as many compute, the others wait; see --slices")
            : null;

    /// <summary>A row of the comparison with real training.</summary>
    public static string Row(Comparison comparison) =>
        Invariant($"{comparison.Workers,7} {comparison.Predicted,12:#,0} {comparison.Measured,12:#,0} ")
        + Invariant($"{comparison.Difference,11:+0.0%;-0.0%} {comparison.Slowest,12:#,0} {comparison.Fastest,12:#,0}");

    /// <summary>The head of the comparison.</summary>
    public const string ComparisonHead = "workers    predicted     measured  difference      slowest      fastest";

    /// <summary>What a comparison counts besides steps.</summary>
    /// <param name="seconds">See <see cref="Verification.WarmUpSeconds"/>.</param>
    public static string WarmUp(double seconds) => Invariant($"a run's first epoch takes {seconds:0.000} s longer than its others");

    private static double ServerMicroseconds(PlanInput input)
    {
        var elements = input.Layout.ContributionLength;
        var server = input.Calibration.Server;
        return server.Frame.Of(elements) + server.Step.Of(elements) + (server.StepPerSlice * input.Spec.Slices);
    }

    private static string Network(NetworkModel network) => double.IsFinite(network.BytesPerSecond)
        ? Invariant($"network {network.Name}: {network.BytesPerSecond * 8 / 1e6:#,0} Mbit/s each way, ")
            + Invariant($"{network.Latency.TotalMicroseconds:0} µs")
        : "a network that costs nothing";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
