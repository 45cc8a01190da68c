using System.CommandLine;
using Mnist.Coordinator.CommandLine;
using Mnist.Coordinator.Output;
using Mnist.Simulator.Reports;
using Mnist.Simulator.Sweeps;

namespace Mnist.Simulator.CommandLine.Commands;

/// <summary><c>mnist-simulator replay</c>: shows what happens in one trial.</summary>
internal static class ReplayCommand
{
    /// <summary>How it is used.</summary>
    public static string[] Examples { get; } =
    [
        "mnist-simulator replay 17",
        "mnist-simulator replay 17 --save plan.json",
        "mnist-simulator replay plan.json --trace",
    ];

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var plan = PlanArgument.Create();
        var trace = OptionFactory.Flag("--trace", "Show every event: turns, messages, timers, storage");
        var save = OptionFactory.FilePath("--save", "plan.json", "File for the plan, to change it by hand [default: nothing is written]");
        var command = new Command("replay", "Try one seed or plan, event by event as it was before, and show what happens when")
        {
            plan, trace, save,
        };
        command.SetAction(result =>
        {
            var argument = PlanArgument.Read(result.GetValue(plan)!);
            if (result.GetValue(save) is { } file)
            {
                PlanFile.Write("--save", file, argument.Plan);
            }

            return Replay(argument, result.GetValue(trace), ITrialReporter.Create(Terminal.Mode(result.GetValue(GlobalOptions.Json))));
        });
        return command;
    }

    private static int Replay(PlanArgument argument, bool isTraced, ITrialReporter reporter)
    {
        reporter.Started(argument.Plan);

        // What the timeline has anyway is not shown a second time.
        var result = TrialRunner.Run(
            argument.Plan,
            reporter.Happened,
            isTraced ? occurrence => reporter.Traced(occurrence) : null);
        reporter.Completed(result, argument.Text);
        return result.Violation is null ? ExitCode.Success : ExitCode.Failure;
    }
}
