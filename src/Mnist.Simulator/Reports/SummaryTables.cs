using Mnist.Simulator.CommandLine;
using Mnist.Simulator.Faults;
using Mnist.Simulator.Sweeps;
using Mnist.Simulator.Trials;
using Spectre.Console;

namespace Mnist.Simulator.Reports;

/// <summary>Tables of what a sweep came to.</summary>
internal static class SummaryTables
{
    // A path that fewer of the seeds take is hardly tested.
    private const double RarePart = 0.01;

    /// <summary>What matters besides the faults themselves.</summary>
    private static readonly string[] Notable =
        [CoverageNames.ServerLostMidStep, CoverageNames.CheckpointLost, CoverageNames.Duplicate, CoverageNames.Missed];

    /// <summary>Writes the tables.</summary>
    public static void Write(IAnsiConsole console, SweepSummary summary, int jobs, TableBorder border)
    {
        if (summary.Seeds == 0)
        {
            console.WriteLine("no seed was tried");
            return;
        }

        console.WriteLine();
        console.Write(Faults(summary, border));
        console.WriteLine();
        console.Write(Paths(summary, border));
        console.WriteLine();
        console.Write(Totals(summary, jobs, border));
        if (summary.Failures.Count > 0)
        {
            console.WriteLine();
            console.Write(Failures(summary, border));
        }
    }

    private static Table Faults(SweepSummary summary, TableBorder border)
    {
        var table = Create(border, "faults", "times", "seeds").AddColumn("");
        foreach (var kind in FaultRules.Kinds)
        {
            AddRow(table, SimulatorText.Words(kind.ToString()), summary[CoverageNames.Fault + kind]);
        }

        foreach (var name in Notable)
        {
            AddRow(table, name, summary[name]);
        }

        return table;
    }

    private static Table Paths(SweepSummary summary, TableBorder border)
    {
        var table = Create(border, "paths of the grains, the rarest first", "times", "seeds").AddColumn("");
        foreach (var (name, tally) in GrainPaths.Rarest(summary))
        {
            AddRow(table, name, tally, tally.Seeds == 0 ? "never" : tally.Seeds < RarePart * summary.Seeds ? "rare" : "");
        }

        return table;
    }

    private static Table Failures(SweepSummary summary, TableBorder border)
    {
        var table = Create(border, "what did not hold", "seeds").AddColumn("replay the first");
        foreach (var failures in summary.Failures.GroupBy(failure => failure.Violation!.Invariant))
        {
            var first = failures.First().Plan.Seed;
            table.AddRow(
                new Text(failures.Key), new Text($"{failures.Count():N0}"), new Text(UserCommands.Replay($"{first}")));
        }

        return table;
    }

    private static Table Totals(SweepSummary summary, int jobs, TableBorder border)
    {
        var table = new Table().Border(border).HideHeaders().AddColumns("", "");
        foreach (var (name, value) in Rows(summary, jobs))
        {
            table.AddRow(new Text(name), new Text(value));
        }

        return table;
    }

    private static IEnumerable<(string Name, string Value)> Rows(SweepSummary summary, int jobs)
    {
        var seconds = summary.RealTime.TotalSeconds;
        yield return ("seeds", $"{summary.Seeds:N0}, up to {summary.LastSeed}; {summary.Failures.Count:N0} failed");
        yield return (
            "speed",
            $"{60 * summary.Seeds / seconds:N0} seeds a minute, {summary.Events / seconds:N0} events/s, "
            + SimulatorText.Count(jobs, "job"));
        yield return (
            "virtual time",
            $"{SimulatorText.Duration(summary.VirtualTime)} in {SimulatorText.Duration(summary.RealTime)}: "
            + $"{summary.VirtualTime / summary.RealTime:N0} times as fast");
        if (summary.SlowestRecovery is { } slowest)
        {
            var time = $"{slowest.Time.TotalSeconds:F1} s of virtual time";
            yield return ("slowest recovery", $"{time} after the last fault, seed {slowest.Seed}");
        }

        yield return ("event hash", SimulatorText.Hash(summary.EventHash));
    }

    private static Table Create(TableBorder border, string title, params string[] columns)
    {
        var table = new Table().Border(border).AddColumn(title);
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        return table;
    }

    private static void AddRow(Table table, string name, Tally tally, string mark = "") => table.AddRow(
        new Text(name),
        new Text($"{tally.Count:N0}"),
        new Text($"{tally.Seeds:N0}"),
        new Text(mark, mark.Length > 0 ? new Style(Color.Yellow) : Style.Plain));
}
