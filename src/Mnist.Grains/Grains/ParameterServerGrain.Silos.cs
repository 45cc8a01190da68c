using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Mnist.Grains.Hosting;

namespace Mnist.Grains.Grains;

/// <content>Where workers are, and what happens when a silo ends with those that are there.</content>
public sealed partial class ParameterServerGrain
{
    private readonly ISiloWatch? _siloWatch;
    private readonly HashSet<string> _watched = [];
    private readonly CancellationTokenSource _leaving = new();
    private string _silo = "";

    private void NoteSilo(int worker, string silo)
    {
        if (!_server!.Coordinator.NoteSilo(worker, silo, isOfServer: silo == _silo))
        {
            return;
        }

        LogWorkerSilo(_runId, _partition, worker, silo);
        if (silo.Length > 0 && silo != _silo && _watched.Add(silo) && _siloWatch?.EndOf(silo) is { } end)
        {
            // All would wait for the compiler when it happens.
            RuntimeHelpers.PrepareDelegate(Lose);

            // As a turn of this grain. Silos outlive it: they would keep what it holds.
            _ = end.ContinueWith(Lose, silo, _leaving.Token, TaskContinuationOptions.None, TaskScheduler.Current);
        }
    }

    private void Lose(Task end, object? ended)
    {
        var silo = (string)ended!;
        _watched.Remove(silo);
        if (_server is null || _isEnded)
        {
            return;
        }

        var decisions = _server.Coordinator.Lose(silo);
        Give(decisions);
        ScheduleTick();
        LogSiloEnded(_runId, _partition, decisions.Count, silo);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{RunId}/{Partition}: worker {Worker} is in silo {Silo}")]
    private partial void LogWorkerSilo(string runId, int partition, int worker, string silo);

    [LoggerMessage(
        Level = LogLevel.Debug, Message = "{RunId}/{Partition}: {Idle} workers that waited take over from silo {Silo}, which has ended")]
    private partial void LogSiloEnded(string runId, int partition, int idle, string silo);
}
