using System.Diagnostics;
using System.Globalization;

namespace Mnist.Benchmarks.Comparison;

/// <summary>PyTorch, in a process or several, that waits for orders and keeps its networks warm between them.</summary>
internal sealed class TorchPeer : IAsyncDisposable
{
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(5);
    private readonly Process[] _processes;

    private TorchPeer(Process[] processes, string version) => (_processes, Version) = (processes, version);

    /// <summary>Version of PyTorch.</summary>
    public string Version { get; }

    /// <summary>Starts the processes and waits until they are ready.</summary>
    /// <param name="installation">The Python to start.</param>
    /// <param name="contestant">How many processes and threads.</param>
    /// <param name="data">Folder of the data set's four IDX files.</param>
    /// <param name="channelsLast">Whether activations lie as (n, y, x, channel) instead of PyTorch's default.</param>
    /// <param name="folder">A folder for files that the processes find each other by.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<TorchPeer> StartAsync(
        TorchInstallation installation,
        Contestant contestant,
        string data,
        bool channelsLast,
        string folder,
        CancellationToken cancellationToken)
    {
        var store = Path.Combine(folder, $"{contestant}-{Guid.NewGuid():N}");
        var processes = Enumerable.Range(0, contestant.Workers())
            .Select(rank => Process.Start(Describe(installation, contestant, data, channelsLast, store, rank))!)
            .ToArray();
        try
        {
            var version = "";
            foreach (var process in processes)
            {
                version = PeerProtocol.ReadReady(await process.StandardOutput.ReadLineAsync(cancellationToken));
            }

            return new TorchPeer(processes, version);
        }
        catch
        {
            End(processes);
            throw;
        }
    }

    /// <summary>Measures throughput.</summary>
    /// <param name="work">What to train.</param>
    /// <param name="seconds">About how long.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Images a second.</returns>
    public async Task<double> MeasureAsync(Work work, double seconds, CancellationToken cancellationToken) =>
        PeerProtocol.ReadThroughput(await AskAsync(
            new PeerOrder("throughput", work.Network, work.Batch) { Seconds = seconds }, cancellationToken));

    /// <summary>Trains a whole recipe.</summary>
    /// <param name="order">An order to train.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<(double Seconds, double Accuracy)> TrainAsync(PeerOrder order, CancellationToken cancellationToken) =>
        PeerProtocol.ReadTraining(await AskAsync(order, cancellationToken));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(EndPatience);
        try
        {
            foreach (var process in _processes)
            {
                process.StandardInput.Close();
            }

            foreach (var process in _processes)
            {
                await process.WaitForExitAsync(patience.Token);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // It does not end by itself.
        }

        End(_processes);
    }

    private static void End(Process[] processes)
    {
        foreach (var process in processes)
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }

            process.Dispose();
        }
    }

    private static ProcessStartInfo Describe(
        TorchInstallation installation, Contestant contestant, string data, bool channelsLast, string store, int rank)
    {
        string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
        var threads = Text(contestant.Threads());
        var start = new ProcessStartInfo(
            installation.Python,
            [
                Path.Combine(AppContext.BaseDirectory, "peers", "peer.py"),
                "--data", data,
                "--threads", threads,
                "--processes", Text(contestant.Workers()),
                "--rank", Text(rank),
                "--store", store,
                .. channelsLast ? ["--channels-last"] : Array.Empty<string>(),
            ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["OMP_NUM_THREADS"] = threads;
        start.Environment["OPENBLAS_NUM_THREADS"] = threads;
        start.Environment["MKL_NUM_THREADS"] = threads;
        start.Environment["GLOO_SOCKET_IFNAME"] = OperatingSystem.IsMacOS() ? "lo0" : "lo";
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        return start;
    }

    /// <summary>Gives all processes an order.</summary>
    /// <returns>The first one's answer.</returns>
    private async Task<string?> AskAsync(PeerOrder order, CancellationToken cancellationToken)
    {
        var line = PeerProtocol.Write(order);
        foreach (var process in _processes)
        {
            await process.StandardInput.WriteLineAsync(line.AsMemory(), cancellationToken);
            await process.StandardInput.FlushAsync(cancellationToken);
        }

        var answers = new List<string?>();
        foreach (var process in _processes)
        {
            answers.Add(await process.StandardOutput.ReadLineAsync(cancellationToken));
        }

        return answers[0];
    }
}
