namespace Mnist.Coordinator.Output;

/// <summary>Numbers for JSON and CSV, which have no word for what a run that diverges ends with.</summary>
internal static class FiniteNumber
{
    /// <summary>The number; null where it is infinite or none.</summary>
    public static double? OrNull(double number) => double.IsFinite(number) ? number : null;
}
