using System.Diagnostics;
using System.Text.Json.Nodes;
using Mnist.Coordinator.Output;
using Mnist.Simulator.CommandLine;
using Mnist.Simulator.Faults;
using Mnist.Simulator.Shrinking;
using Mnist.Simulator.Trials;
using Spectre.Console;

namespace Mnist.Simulator.Reports;

/// <summary>Shows the search for a smaller plan.</summary>
internal sealed class ShrinkReporter(OutputMode mode)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly SimulatorJsonContext Json = SimulatorJsonContext.Default;
    private readonly Stopwatch _sinceLine = Stopwatch.StartNew();
    private StatusContext? _status;
    private int _faultsShown = int.MaxValue;

    /// <summary>The search begins.</summary>
    public void Started(TrialResult result, string plan)
    {
        _faultsShown = result.Plan.Faults.Length;
        if (mode != OutputMode.Json)
        {
            Console.Out.WriteLine(
                $"{plan} fails with {SimulatorText.Count(_faultsShown, "fault")}: {result.Violation!.Invariant}; "
                + "looking for a smaller plan");
        }
    }

    /// <summary>Shows progress while the search runs.</summary>
    public ShrinkProgress Show(Func<ShrinkProgress> search) => mode == OutputMode.Live
        ? Terminal.Console.Status().Start("shrinking", context =>
        {
            _status = context;
            return search();
        })
        : search();

    /// <summary>A plan was tried.</summary>
    public void Progressed(ShrinkProgress progress)
    {
        var faults = progress.Smallest.Faults.Length;
        var text = $"{SimulatorText.Count(progress.Trials, "trial")}, {SimulatorText.Count(faults, "fault")}";
        if (_status is not null)
        {
            _status.Status = $"shrinking: {text}";
        }
        else if (faults < _faultsShown || _sinceLine.Elapsed >= Interval)
        {
            _faultsShown = faults;
            _sinceLine.Restart();
            if (mode == OutputMode.Json)
            {
                JsonLines.Write(new ShrinkProgressEvent(progress.Trials, faults), Json.ShrinkProgressEvent);
            }
            else
            {
                Console.Out.WriteLine(text);
            }
        }
    }

    /// <summary>The search is over.</summary>
    /// <param name="result">The trial of the smallest plan.</param>
    /// <param name="trials">Number of trials.</param>
    /// <param name="path">Where the plan was written; null for nowhere.</param>
    public void Completed(TrialResult result, int trials, string? path)
    {
        if (mode == OutputMode.Json)
        {
            var plan = JsonNode.Parse(FaultPlanJson.Serialize(result.Plan))!.AsObject();
            JsonLines.Write(new ShrunkEvent(trials, FailureEvent.From(result, path ?? "plan.json"), plan), Json.ShrunkEvent);
            return;
        }

        Console.Out.WriteLine(FaultPlanJson.Serialize(result.Plan));
        Console.Out.WriteLine();
        foreach (var line in PlanText.Lines(result.Plan))
        {
            Console.Out.WriteLine(line);
        }

        Console.Out.WriteLine();
        var violation = result.Violation!;
        Console.Out.WriteLine(
            $"{SimulatorText.Count(trials, "trial")}, {SimulatorText.Count(result.Plan.Faults.Length, "fault")} left: "
            + $"{violation.Invariant}, at {SimulatorText.Moment(violation.At)} s of virtual time");
        Console.Out.WriteLine($"  {violation.Reason.TrimEnd().ReplaceLineEndings("\n  ")}");
        Console.Out.WriteLine(path is null
            ? "  replay: give --out smallest.json, or save the plan above"
            : $"  replay: {UserCommands.Replay(path)}");
    }
}
