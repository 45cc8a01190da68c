using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using Orleans.Runtime.Services;
using Orleans.Services;

namespace Mnist.Clustering.Placement;

/// <summary>Answers for the worker slots of its silo.</summary>
[Alias("mnist.IWorkerSlotService")]
internal interface IWorkerSlotService : IGrainService
{
    /// <summary>Worker slots that nobody holds.</summary>
    [Alias("CountFreeAsync"), ResponseTimeout("00:00:01")]
    Task<int> CountFreeAsync();

    /// <summary>Keeps a slot for a worker that is about to be placed.</summary>
    /// <returns>False where none is free.</returns>
    [Alias("TryReserveAsync"), ResponseTimeout("00:00:01")]
    Task<bool> TryReserveAsync(string worker);
}

/// <summary>Answers for the worker slots of its silo.</summary>
internal sealed class WorkerSlotService(GrainId grainId, Silo silo, ILoggerFactory loggerFactory, WorkerSlots slots)
    : GrainService(grainId, silo, loggerFactory), IWorkerSlotService
{
    /// <inheritdoc/>
    public Task<int> CountFreeAsync() => Task.FromResult(slots.CountFree());

    /// <inheritdoc/>
    public Task<bool> TryReserveAsync(string worker) => Task.FromResult(slots.TryReserve(worker));
}

/// <summary>Asks other silos for their worker slots. A silo that does not answer has none.</summary>
internal sealed partial class WorkerSlotClient(IServiceProvider services, ILogger<WorkerSlotClient> logger)
    : GrainServiceClient<IWorkerSlotService>(services)
{
    /// <summary>Worker slots of a silo that nobody holds.</summary>
    public Task<int> CountFreeAsync(SiloAddress silo) => AskAsync(silo, service => service.CountFreeAsync());

    /// <summary>Keeps a slot of a silo for a worker that is about to be placed there.</summary>
    public Task<bool> TryReserveAsync(SiloAddress silo, string worker) => AskAsync(silo, service => service.TryReserveAsync(worker));

    private async Task<T> AskAsync<T>(SiloAddress silo, Func<IWorkerSlotService, Task<T>> ask)
        where T : struct
    {
        try
        {
            return await ask(GetGrainService(silo));
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException)
        {
            LogNoAnswer(silo, exception.Message);
            return default;
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "silo {Silo} does not say what worker slots it has: {Reason}")]
    private partial void LogNoAnswer(SiloAddress silo, string reason);
}
