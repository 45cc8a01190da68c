using Microsoft.Extensions.Logging;
using Mnist.Grains.Contracts;
using Orleans;

namespace Mnist.Grains.Grains;

/// <summary>
/// Keeps the workers of a run at work: calls each of them again and again, which starts a worker that is not there (any
/// more) on whatever silo has room, and notes who answers.
/// </summary>
internal sealed partial class WorkerSupervisor
{
    private readonly IGrainFactory _grains;
    private readonly ILogger _logger;
    private readonly string _runId;
    private readonly RunRequest _request;
    private readonly ISet<string> _engines;
    private readonly WorkerView[] _workers;

    /// <summary>Begins with workers of which nothing is known.</summary>
    /// <param name="grains">Finds the workers.</param>
    /// <param name="logger">Told who does not answer.</param>
    /// <param name="runId">The run.</param>
    /// <param name="request">What is trained, by how many workers.</param>
    /// <param name="engines">Receives what the workers compute with.</param>
    public WorkerSupervisor(IGrainFactory grains, ILogger logger, string runId, RunRequest request, ISet<string> engines)
    {
        (_grains, _logger, _runId, _request, _engines) = (grains, logger, runId, request, engines);
        _workers = new WorkerView[request.Options.Workers];
        Array.Fill(_workers, new WorkerView(true, false, ""));
    }

    /// <summary>Workers that answered their last call, or have not been called yet.</summary>
    public IEnumerable<int> Live => Enumerable.Range(0, _workers.Length).Where(worker => _workers[worker].IsLive);

    /// <summary>Whether each worker is live, and the silo that it last answered from.</summary>
    public IEnumerable<(bool IsLive, string Silo)> Conditions => _workers.Select(worker => (worker.IsLive, worker.Silo));

    /// <summary>Calls every worker that is not being called already.</summary>
    /// <returns>A task for each call; a worker that does not answer within its time-out counts as dead until it does.</returns>
    public IReadOnlyList<Task> Attend() =>
        [.. Enumerable.Range(0, _workers.Length).Where(worker => !_workers[worker].IsCalled).Select(AttendAsync)];

    /// <summary>Tells every worker to stop.</summary>
    public async Task StopAsync()
    {
        foreach (var stop in Enumerable.Range(0, _workers.Length).Select(worker => Worker(worker).StopAsync()).ToArray())
        {
            try
            {
                await stop;
            }
#pragma warning disable CA1031 // A worker that cannot be reached has stopped, or will when its next exchange is answered.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LogUnreachable(_runId, exception.Message);
            }
        }
    }

    private async Task AttendAsync(int worker)
    {
        _workers[worker] = _workers[worker] with { IsCalled = true };
        try
        {
            var status = await Worker(worker).AttendAsync(new WorkerAssignment { RunId = _runId, Worker = worker, Request = _request });
            _workers[worker] = new WorkerView(status.Works, false, status.Silo);
            if (status.Works)
            {
                _engines.Add(status.Engine);
            }
        }
#pragma warning disable CA1031 // Whatever the reason, the worker does not answer; it is called again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (_workers[worker].IsLive)
            {
                LogUnreachable(GrainKeys.Of(_runId, worker), exception.Message);
            }

            _workers[worker] = _workers[worker] with { IsLive = false, IsCalled = false };
        }
    }

    private IWorkerGrain Worker(int worker) => _grains.GetGrain<IWorkerGrain>(GrainKeys.Of(_runId, worker));

    [LoggerMessage(Level = LogLevel.Warning, Message = "worker {Worker} does not answer: {Reason}")]
    private partial void LogUnreachable(string worker, string reason);

    private readonly record struct WorkerView(bool IsLive, bool IsCalled, string Silo);
}
