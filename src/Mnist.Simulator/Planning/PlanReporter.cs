using System.Text.Json.Serialization;
using Mnist.Coordinator.Output;

namespace Mnist.Simulator.Planning;

/// <summary>Prints plans and comparisons: as tables, or a JSON object a line.</summary>
/// <param name="isJson">Whether programs are to read it.</param>
internal sealed class PlanReporter(bool isJson)
{
    /// <summary>Says what is assumed, before the first cluster.</summary>
    public void Begin(PlanInput input)
    {
        foreach (var line in PlanningText.Assumptions(input))
        {
            Note(line);
        }

        if (!isJson)
        {
            Console.Out.WriteLine();
            Console.Out.WriteLine(PlanningText.Head);
        }
    }

    /// <summary>A cluster was simulated.</summary>
    public void Add(PlanPoint point)
    {
        if (isJson)
        {
            JsonLines.Write(PlannedEvent.From(point), PlanJsonContext.Default.PlannedEvent);
        }
        else
        {
            Console.Out.WriteLine(PlanningText.Row(point));
        }
    }

    /// <summary>All clusters were simulated.</summary>
    public void End(PlanInput input, IReadOnlyList<PlanPoint> points)
    {
        if (PlanningText.Remark(input, points) is { } remark)
        {
            Note(remark);
        }
    }

    /// <summary>Predictions were compared with real training.</summary>
    public void Compare(Verification verification)
    {
        Note(PlanningText.WarmUp(verification.WarmUpSeconds));
        if (isJson)
        {
            foreach (var (workers, predicted, measured, slowest, fastest) in verification.Comparisons)
            {
                JsonLines.Write(new ComparedEvent(workers, predicted, measured, slowest, fastest), PlanJsonContext.Default.ComparedEvent);
            }

            return;
        }

        Console.Out.WriteLine(PlanningText.ComparisonHead);
        foreach (var comparison in verification.Comparisons)
        {
            Console.Out.WriteLine(PlanningText.Row(comparison));
        }
    }

    private void Note(string text)
    {
        if (isJson)
        {
            JsonLines.Write(new TextEvent("note", text.Trim()));
        }
        else
        {
            Console.Out.WriteLine(text);
        }
    }
}

/// <summary>A cluster as programs read it; see <see cref="PlanPoint"/>.</summary>
internal sealed record PlannedEvent(
    int Workers, int Silos, string Consistency, string Compression, double ImagesPerSecond, double Efficiency, double? StepMilliseconds,
    double ServerLoad, double NetworkLoad) : OutputEvent("planned")
{
    /// <summary>Makes the event; a step that never ends has no duration.</summary>
    public static PlannedEvent From(PlanPoint point) => new(
        point.Workers, point.Silos, point.Consistency, point.Compression, point.ImagesPerSecond, point.Efficiency,
        double.IsFinite(point.StepMilliseconds) ? point.StepMilliseconds : null, point.ServerLoad, point.NetworkLoad);
}

/// <summary>A comparison as programs read it; see <see cref="Comparison"/>.</summary>
internal sealed record ComparedEvent(int Workers, double Predicted, double Measured, double Slowest, double Fastest)
    : OutputEvent("compared");

/// <summary>Generated writers of the events.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PlannedEvent))]
[JsonSerializable(typeof(ComparedEvent))]
internal sealed partial class PlanJsonContext : JsonSerializerContext;
