using Mnist.Grains.Contracts;

namespace Mnist.Coordinator.Output;

/// <summary>Shows a training run as plain lines.</summary>
internal sealed class PlainReporter : ITrainingReporter
{
    private const int LinesPerRun = 10;
    private int _epochs;
    private long _linesShown;

    /// <inheritdoc/>
    public void Note(string text) => Console.Out.WriteLine(text);

    /// <inheritdoc/>
    public void Started(StartedEvent start)
    {
        _epochs = start.Epochs;
        Console.Out.WriteLine(TrainingText.Headline(start));
    }

    /// <inheritdoc/>
    public Task<T> ShowAsync<T>(Func<Task<T>> training) => training();

    /// <inheritdoc/>
    public void Progressed(RunProgress progress)
    {
        var lines = progress.TotalSteps > 0 ? progress.Step * LinesPerRun / progress.TotalSteps : 0;
        if (lines > _linesShown)
        {
            _linesShown = lines;
            Console.Out.WriteLine(TrainingText.Detail(progress));
        }
    }

    /// <inheritdoc/>
    public void EpochCompleted(EpochResult epoch) => Console.Out.WriteLine(TrainingText.Epoch(epoch, _epochs));

    /// <inheritdoc/>
    public void Paused(string runId, string resumeCommand) =>
        Console.Out.WriteLine($"paused {runId}; continue with: {resumeCommand}");

    /// <inheritdoc/>
    public void Completed(RunSummary summary)
    {
        var rows = summary.Rows().ToArray();
        var width = rows.Max(row => row.Name.Length);
        foreach (var (name, value) in rows)
        {
            Console.Out.WriteLine($"{name.PadRight(width)}  {value}");
        }
    }
}
