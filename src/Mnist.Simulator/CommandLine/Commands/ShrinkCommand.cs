using System.CommandLine;
using Mnist.Coordinator.CommandLine;
using Mnist.Coordinator.Output;
using Mnist.Learning;
using Mnist.Simulator.Reports;
using Mnist.Simulator.Shrinking;
using Mnist.Simulator.Sweeps;

namespace Mnist.Simulator.CommandLine.Commands;

/// <summary><c>mnist-simulator shrink</c>: looks for the smallest plan that still fails.</summary>
internal static class ShrinkCommand
{
    private static readonly ShrinkOptions Defaults = new();

    /// <summary>How it is used.</summary>
    public static string[] Examples { get; } =
    [
        "mnist-simulator shrink 17 --out smallest.json",
        "mnist-simulator shrink plan.json --max-trials 200",
    ];

    /// <summary>Makes the command.</summary>
    public static Command Create(Interruption interruption)
    {
        var plan = PlanArgument.Create();
        var maxTrials = OptionFactory.WholeNumber(
            "--max-trials", "N", $"End the search after so many trials [default: {Defaults.MaxTrials}]", 1, int.MaxValue);
        var output = OptionFactory.FilePath("--out", "plan.json", "File for the smallest plan [default: it is only printed]");
        var command = new Command("shrink", "Look for a small plan that fails as a seed or plan does: fewer faults, simpler in all")
        {
            plan, maxTrials, output,
        };
        command.SetAction(result => Shrink(
            PlanArgument.Read(result.GetValue(plan)!),
            new ShrinkOptions { MaxTrials = result.GetValue(maxTrials) ?? Defaults.MaxTrials },
            result.GetValue(output),
            new ShrinkReporter(Terminal.Mode(result.GetValue(GlobalOptions.Json))),
            interruption));
        return command;
    }

    private static int Shrink(
        PlanArgument argument, ShrinkOptions options, string? path, ShrinkReporter reporter, Interruption interruption)
    {
        var original = TrialRunner.Run(argument.Plan);
        if (original.Violation is not { Invariant: var invariant })
        {
            throw new InvalidInputException($"{argument.Text}: every invariant holds, expected a plan that fails");
        }

        reporter.Started(original, argument.Text);
        var found = reporter.Show(() => PlanShrinker.Shrink(
            argument.Plan,
            plan => TrialRunner.Run(plan).Violation?.Invariant == invariant,
            options,
            reporter.Progressed,
            interruption.Token));
        if (path is not null)
        {
            PlanFile.Write("--out", path, found.Smallest);
        }

        reporter.Completed(TrialRunner.Run(found.Smallest), found.Trials, path);
        return interruption.ExitCode;
    }
}
