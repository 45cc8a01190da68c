using Mnist.Learning.Data.Fetching;
using Spectre.Console;

namespace Mnist.Coordinator.Output;

/// <summary>Shows how far a fetch has come.</summary>
internal static class FetchDisplay
{
    private const long BytesPerJsonLine = 1 << 20;

    /// <summary>Shows progress while something is fetched.</summary>
    /// <param name="mode">Who reads it.</param>
    /// <param name="fetch">Fetches, and reports to what it is given.</param>
    public static async Task<T> ShowAsync<T>(OutputMode mode, Func<IProgress<FetchProgress>, Task<T>> fetch) => mode switch
    {
        OutputMode.Json => await fetch(new JsonProgress()),
        OutputMode.Plain => await fetch(new PlainProgress()),
        _ => await Terminal.Console.Progress()
            .AutoClear(true)
            .Columns(
                new TaskDescriptionColumn(),
                new ProgressBarColumn(),
                new DownloadedColumn(),
                new TransferSpeedColumn(),
                new RemainingTimeColumn())
            .StartAsync(async context => await fetch(new BarProgress(context.AddTask("fetching MNIST", autoStart: true)))),
    };

    private sealed class JsonProgress : IProgress<FetchProgress>
    {
        private long _bytesShown = -BytesPerJsonLine;

        public void Report(FetchProgress value)
        {
            if (value.Bytes - _bytesShown >= BytesPerJsonLine || value.Bytes < _bytesShown)
            {
                _bytesShown = value.Bytes;
                JsonLines.Write(new FetchEvent(value.Bytes, value.Total, value.Source), EventJsonContext.Default.FetchEvent);
            }
        }
    }

    private sealed class PlainProgress : IProgress<FetchProgress>
    {
        private string _sourceShown = "";

        public void Report(FetchProgress value)
        {
            if (value.Source != _sourceShown)
            {
                _sourceShown = value.Source;
                Console.Out.WriteLine($"fetching MNIST ({value.Total / 1e6:F0} MB) from {value.Source}");
            }
        }
    }

    private sealed class BarProgress(ProgressTask task) : IProgress<FetchProgress>
    {
        public void Report(FetchProgress value)
        {
            task.Description = $"fetching MNIST from {value.Source}";
            task.MaxValue = value.Total;
            task.Value = value.Bytes;
        }
    }
}
