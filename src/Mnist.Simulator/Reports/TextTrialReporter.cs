using Mnist.Coordinator.Output;
using Mnist.Simulator.CommandLine;
using Mnist.Simulator.Faults;
using Mnist.Simulator.Trials;
using Spectre.Console;

namespace Mnist.Simulator.Reports;

/// <summary>Shows a trial to people: a line for each thing that happens, with its virtual time.</summary>
internal sealed class TextTrialReporter : ITrialReporter
{
    private const int TimeWidth = 11;

    /// <inheritdoc/>
    public void Started(FaultPlan plan)
    {
        foreach (var line in PlanText.Lines(plan))
        {
            Console.Out.WriteLine(line);
        }

        Console.Out.WriteLine();
        Console.Out.WriteLine($"{"seconds".PadLeft(TimeWidth)}  what happened");
    }

    /// <inheritdoc/>
    public void Happened(TimeSpan at, string text) => Console.Out.WriteLine($"{SimulatorText.Moment(at).PadLeft(TimeWidth)}  {text}");

    /// <inheritdoc/>
    public void Completed(TrialResult result, string plan)
    {
        Console.Out.WriteLine();
        foreach (var (name, count) in result.Coverage.Counts)
        {
            Console.Out.WriteLine($"{count,TimeWidth:N0}  {name}");
        }

        Console.Out.WriteLine();
        Console.Out.WriteLine(
            $"{SimulatorText.Count(result.Events, "event")} in {SimulatorText.Moment(result.Duration)} s of virtual time, "
            + $"{SimulatorText.Moment(result.Recovery)} s after the last fault");
        Console.Out.WriteLine($"event hash {SimulatorText.Hash(result.EventHash)}");
        if (result.Violation is not { } violation)
        {
            Terminal.Console.WriteLine("every invariant held", new Style(Color.Green));
            return;
        }

        Terminal.Console.WriteLine(
            $"FAILED: {violation.Invariant}, at {SimulatorText.Moment(violation.At)} s", new Style(Color.Red, decoration: Decoration.Bold));
        foreach (var line in violation.Reason.TrimEnd().ReplaceLineEndings("\n").Split('\n'))
        {
            Console.Out.WriteLine($"  {line}");
        }

        Console.Out.WriteLine($"  shrink: {UserCommands.Shrink(plan)}");
    }
}
