using Mnist.Coordinator.Output;
using Mnist.Simulator.Sweeps;
using Mnist.Simulator.Trials;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Mnist.Simulator.Reports;

/// <summary>Shows a sweep to a person at a terminal.</summary>
internal sealed class LiveSweepReporter : ISweepReporter
{
    private readonly IAnsiConsole _console = Terminal.Console;
    private ProgressTask? _task;
    private string _detail = "";

    /// <inheritdoc/>
    public void Note(string text) => _console.WriteLine(text);

    /// <inheritdoc/>
    public void Show(Action sweep) => _console.Progress()
        .AutoClear(true)
        .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new DetailColumn(() => _detail))
        .Start(context =>
        {
            _task = context.AddTask("simulating");
            sweep();
        });

    /// <inheritdoc/>
    public void Progressed(SweepProgress progress)
    {
        if (_task is not null)
        {
            _task.IsIndeterminate = progress.Part is null;
            _task.Value = 100 * (progress.Part ?? 0);
            _detail = progress.ToString();
        }
    }

    /// <inheritdoc/>
    public void Failed(TrialResult result)
    {
        foreach (var (index, line) in FailureText.Lines(result, $"{result.Plan.Seed}").Index())
        {
            _console.WriteLine(line, index == 0 ? new Style(Color.Red, decoration: Decoration.Bold) : Style.Plain);
        }
    }

    /// <inheritdoc/>
    public void Completed(SweepSummary summary, int jobs) => SummaryTables.Write(_console, summary, jobs, TableBorder.Rounded);

    private sealed class DetailColumn(Func<string> detail) : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text(detail());
    }
}
