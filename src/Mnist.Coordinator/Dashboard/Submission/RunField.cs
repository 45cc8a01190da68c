using System.Globalization;
using Mnist.Learning.Specification;

namespace Mnist.Coordinator.Dashboard.Submission;

/// <summary>A field of the form that starts a run: an option of <c>mnist train</c>.</summary>
/// <param name="Name">Long name of the option, without dashes in front.</param>
/// <param name="Label">What the form calls it.</param>
/// <param name="Help">What it does.</param>
/// <param name="Least">Least value; may be an open end, see <paramref name="IsOpen"/>.</param>
/// <param name="Most">Greatest value.</param>
/// <param name="IsWhole">Whether only whole numbers fit.</param>
/// <param name="IsOpen">Whether the least value itself does not fit.</param>
public sealed record RunField(
    string Name, string Label, string Help, decimal Least, decimal Most, bool IsWhole = true, bool IsOpen = false)
{
    /// <summary>The numbers that most people set.</summary>
    public static IReadOnlyList<RunField> Common { get; } =
    [
        new("seed", "Seed", "of everything random: the same seed gives the same weights to the bit", 0, ulong.MaxValue),
        new("workers", "Workers", "make no difference to the result; empty for one a processor", 1, 1024),
        new("epochs", "Epochs", "passes over the training samples", 1, RunSpecValidator.MaxEpochs),
    ];

    /// <summary>The other numbers.</summary>
    public static IReadOnlyList<RunField> Advanced { get; } =
    [
        new("batch", "Batch", "samples a step, over all slices", 1, RunSpecValidator.MaxGlobalBatch),
        new("slices", "Slices", "parts of a step that are computed independently, a power of two", 1, RunSpecValidator.MaxSlices),
        new("learning-rate", "Learning rate", "the highest", 0, 1000, IsWhole: false, IsOpen: true),
        new("warmup", "Warm-up", "part of all steps in which the learning rate rises", 0, 1, IsWhole: false),
        new("ema", "Averaging", "decay a step of the averaged weights, below 1; 0 switches it off", 0, 0.999999m, IsWhole: false),
        new("target-accuracy", "Target accuracy", "ends after the first epoch that reaches it, 0 to 1", 0, 1, IsWhole: false, IsOpen: true),
        new("validation", "Validation samples", "held out from the training split", 0, int.MaxValue),
        new("partitions", "Parameter servers", "that share the weights; make no difference to the result", 1, 64),
        new("checkpoint-interval", "Checkpoint interval", "seconds", 0, 86_400, IsWhole: false, IsOpen: true),
    ];

    /// <summary>Checks what was typed.</summary>
    /// <param name="text">What was typed; empty keeps the default.</param>
    /// <returns>What is wrong with it, empty where nothing is.</returns>
    public string Check(string text)
    {
        if (text.Length == 0)
        {
            return "";
        }

        var style = IsWhole ? NumberStyles.None : NumberStyles.Float;
        var fits = decimal.TryParse(text, style, CultureInfo.InvariantCulture, out var value)
            && value <= Most && (IsOpen ? value > Least : value >= Least);
        return fits ? "" : $"expected {(IsWhole ? "a whole number" : "a number")} {Range}";
    }

    private string Range =>
        FormattableString.Invariant(IsOpen ? $"above {Least}, at most {Most}" : (FormattableString)$"from {Least} to {Most}");
}
