using Mnist.Grains.Contracts;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Mnist.Coordinator.Output;

/// <summary>Shows a training run to a person at a terminal.</summary>
internal sealed class LiveReporter : ITrainingReporter
{
    private readonly IAnsiConsole _console = Terminal.Console;
    private int _epochs;
    private ProgressTask? _task;
    private string _detail = "";

    /// <inheritdoc/>
    public void Note(string text) => _console.WriteLine(text);

    /// <inheritdoc/>
    public void Started(StartedEvent start)
    {
        _epochs = start.Epochs;
        _console.WriteLine(TrainingText.Headline(start));
    }

    /// <inheritdoc/>
    public async Task<T> ShowAsync<T>(Func<Task<T>> training) => await _console.Progress()
        .AutoClear(true)
        .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new DetailColumn(() => _detail))
        .StartAsync(async context =>
        {
            _task = context.AddTask("starting");
            return await training();
        });

    /// <inheritdoc/>
    public void Progressed(RunProgress progress)
    {
        if (_task is null || progress.TotalSteps == 0)
        {
            return;
        }

        _task.Description = $"epoch {Math.Min(progress.Epoch + 1, _epochs)}/{_epochs}";
        _task.MaxValue = progress.TotalSteps;
        _task.Value = progress.Step;
        _detail = TrainingText.Detail(progress);
    }

    /// <inheritdoc/>
    public void EpochCompleted(EpochResult epoch) => _console.WriteLine(TrainingText.Epoch(epoch, _epochs));

    /// <inheritdoc/>
    public void Paused(string runId, string resumeCommand)
    {
        _console.WriteLine($"paused {runId}; continue with:");
        _console.WriteLine($"  {resumeCommand}");
    }

    /// <inheritdoc/>
    public void Completed(RunSummary summary)
    {
        DigitStrip.Show(summary.Mistakes());
        var table = new Table().Border(TableBorder.Rounded).HideHeaders().AddColumns("", "");
        foreach (var (name, value) in summary.Rows())
        {
            table.AddRow(new Text(name), new Text(value));
        }

        _console.Write(table);
    }

    private sealed class DetailColumn(Func<string> detail) : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text(detail());
    }
}
