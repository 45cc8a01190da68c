using System.CommandLine;
using Mnist.Coordinator.CommandLine;
using Mnist.Coordinator.Output;
using Mnist.Learning;
using Mnist.Simulator.Reports;
using Mnist.Simulator.Sweeps;

namespace Mnist.Simulator.CommandLine.Commands;

/// <summary><c>mnist-simulator run</c>: tries many seeds.</summary>
internal static class RunCommand
{
    private const int DefaultMaxFailures = 10;
    private const int MostJobs = 1024;
    private static readonly SeedRange DefaultSeeds = new(1, 1000);

    /// <summary>How it is used.</summary>
    public static string[] Examples { get; } =
    [
        "mnist-simulator run --seeds 1..10000",
        "mnist-simulator run --seeds 20260101.. --minutes 1",
        "mnist-simulator run --seeds 1..100000 --keep-going --out sweep",
        "mnist-simulator run --seeds 17 --json",
    ];

    /// <summary>Makes the command.</summary>
    public static Command Create(Interruption interruption)
    {
        var seeds = SeedRange.CreateOption("--seeds", $"Seeds to try: A..B, A.. or A [default: {DefaultSeeds.First}..{DefaultSeeds.Last}]");
        var jobs = OptionFactory.WholeNumber(
            "--jobs", "N", "Trials at a time; results do not depend on it [default: number of processors]", 1, MostJobs);
        var minutes = OptionFactory.Number<double>(
            "--minutes", "N", "Begin no trial after so many minutes [default: no limit]",
            "a number above 0", value => value is > 0 and < 1e6);
        var maxFailures = OptionFactory.WholeNumber(
            "--max-failures", "N", $"End after so many failures [default: {DefaultMaxFailures}]", 1, int.MaxValue);
        var keepGoing = OptionFactory.Flag("--keep-going", "Try all seeds, however many fail");
        var output = OptionFactory.FilePath(
            "--out", "DIR", "Folder for summary.json, seeds.csv and the plans that failed [default: nothing is written]");
        var command = new Command("run", "Try many seeds: a training run each, in which things go wrong that are drawn from the seed")
        {
            seeds, jobs, minutes, maxFailures, keepGoing, output,
        };
        command.SetAction(result =>
        {
            if (result.GetValue(keepGoing) && result.GetValue(maxFailures) is not null)
            {
                throw new InvalidInputException("--keep-going and --max-failures contradict each other, expected one of them");
            }

            var sweep = new Sweep
            {
                Seeds = result.GetValue(seeds) ?? DefaultSeeds,
                Jobs = result.GetValue(jobs) ?? Environment.ProcessorCount,
                MaxFailures = result.GetValue(keepGoing) ? null : result.GetValue(maxFailures) ?? DefaultMaxFailures,
                TimeLimit = result.GetValue(minutes) is { } limit ? TimeSpan.FromMinutes(limit) : null,
            };
            var reporter = ISweepReporter.Create(Terminal.Mode(result.GetValue(GlobalOptions.Json)));
            return Run(sweep, reporter, result.GetValue(output), interruption);
        });
        return command;
    }

    private static int Run(Sweep sweep, ISweepReporter reporter, string? folder, Interruption interruption)
    {
        var files = folder is null ? null : new SweepFiles(folder);
        var summary = new SweepSummary();
        double? total = sweep.Seeds.HasEnd ? 1 + (double)sweep.Seeds.Span : null;
        reporter.Show(() => summary.RealTime = sweep.Execute(
            result =>
            {
                summary.Add(result);
                files?.Add(result);
                if (result.Violation is not null)
                {
                    reporter.Failed(result);
                }
            },
            (count, elapsed) => reporter.Progressed(new SweepProgress(count, total, summary.Failures.Count, elapsed, sweep.TimeLimit)),
            interruption.Token));
        files?.Write(summary);
        reporter.Completed(summary, sweep.Jobs);
        if (interruption.ExitCode != 0)
        {
            reporter.Note($"interrupted after {SimulatorText.Count(summary.Seeds, "seed")}");
        }
        else if (summary.Failures.Count >= sweep.MaxFailures)
        {
            reporter.Note($"ended after {SimulatorText.Count(summary.Failures.Count, "failure")}; --keep-going tries all seeds");
        }

        return summary.Failures.Count > 0 ? ExitCode.Failure : interruption.ExitCode;
    }
}
