using System.Globalization;

namespace Mnist.Benchmarks.Kernels;

/// <summary>Tables of kernels, in Markdown.</summary>
internal static class KernelText
{
    private const double MicrosecondsPerSecond = 1e6;

    /// <summary>The parts of all layers of a network.</summary>
    public static IReadOnlyList<string> Layers(string network, IReadOnlyList<LayerMeasurement> layers)
    {
        var total = layers.Sum(layer => layer.Microseconds);
        return
        [
            $"| `{network}` | part | µs an image | of the step | GFLOP/s, dense | GFLOP/s, executed | share of peak, executed |",
            "| --- | --- | --- | --- | --- | --- | --- |",
            .. layers.Where(layer => layer.Microseconds >= 0.001 * total).Select(layer => Row(layer, total)),
        ];
    }

    /// <summary>Whole steps: a row for each network.</summary>
    public static IReadOnlyList<string> Steps(IReadOnlyList<StepMeasurement> steps) =>
    [
        "| whole step, one thread | images/s | FMA peak, GFLOP/s | share of peak, dense | share of peak, executed |",
        "| --- | --- | --- | --- | --- |",
        .. steps.Select(step => string.Create(
            CultureInfo.InvariantCulture,
            $"| `{step.Network}` | {step.ImagesPerSecond:N0} | {step.Peak:F1} | {100 * step.DenseShare:F0} % "
            + $"| {100 * step.ExecutedShare:F0} % |")),
    ];

    private static string Row(LayerMeasurement layer, double total)
    {
        string Rate(double multiplyAdds) => multiplyAdds == 0
            ? ""
            : string.Create(
                CultureInfo.InvariantCulture, $"{2e-9 * multiplyAdds * MicrosecondsPerSecond / layer.Microseconds:F0}");
        var share = layer.Share == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{100 * layer.Share:F0} %");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {layer.Layer} | {Words(layer.Part)} | {layer.Microseconds:F2} | {100 * layer.Microseconds / total:F0} % "
            + $"| {Rate(layer.MultiplyAdds.Dense)} | {Rate(layer.MultiplyAdds.Executed)} | {share} |");
    }

    private static string Words(LayerPart part) => part switch
    {
        LayerPart.Forward => "forward",
        LayerPart.Activation => "activation",
        LayerPart.ActivationGradient => "activation, backward",
        LayerPart.WeightGradient => "weight gradient",
        LayerPart.InputGradient => "input gradient",
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, "unknown"),
    };
}
