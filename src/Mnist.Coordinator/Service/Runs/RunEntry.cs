using Mnist.Coordinator.Runs;
using Mnist.Coordinator.Service.Events;
using Mnist.Grains.Contracts;
using Mnist.Grains.Storage;
using Mnist.Learning.Specification;
using Mnist.Learning.Training;

namespace Mnist.Coordinator.Service.Runs;

/// <summary>A run that this coordinator knows: its folder, its events and what they add up to.</summary>
internal sealed partial class RunEntry : IDisposable
{
    private readonly Lock _lock = new();
    private readonly RunHistory _history = new();
    private readonly ILogger _logger;
    private readonly EventLog _log;

    /// <summary>Reads what is known of a run.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="manifest">What was written at its start.</param>
    /// <param name="time">Stamps events.</param>
    /// <param name="logger">Told about events that cannot be stored.</param>
    /// <exception cref="Learning.InvalidInputException">The manifest is damaged.</exception>
    public RunEntry(RunFolder folder, RunManifest manifest, TimeProvider time, ILogger logger)
    {
        (Folder, Manifest, _logger) = (folder, manifest, logger);
        Spec = manifest.ReadSpec(folder.ManifestPath);
        StepsPerEpoch = new SlicePlan(Spec).StepsPerEpoch;
        Progress = new ProgressReader(Spec, StepsPerEpoch);
        Storage = new FileGrainStorage(folder.StatePath);
        _log = EventLog.Open(folder.EventsPath, time, _history.Apply);
    }

    /// <summary>Its folder.</summary>
    public RunFolder Folder { get; }

    /// <summary>What was written at its start.</summary>
    public RunManifest Manifest { get; }

    /// <summary>What is trained.</summary>
    public RunSpec Spec { get; }

    /// <summary>What its grains store in its folder, where they are in this process.</summary>
    public FileGrainStorage Storage { get; }

    /// <summary>Steps of an epoch.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>Tells how far it is.</summary>
    public ProgressReader Progress { get; }

    /// <summary>Name of the run.</summary>
    public string RunId => Manifest.RunId;

    /// <summary>Where it stands in its life.</summary>
    public RunPhase Phase => Read(history => history.Phase);

    /// <summary>Whether anything ever happened to it here.</summary>
    public bool HasEvents => _log.LastId > 0;

    /// <summary>The attempt that is under way or waits; null where there is none. Guarded by the manager's lock.</summary>
    public RunAttempt? Attempt { get; set; }

    /// <summary>Who works on it at the moment; null while nobody does.</summary>
    public Workforce? Workforce { get; set; }

    /// <summary>Adds an event. One that cannot be stored still counts until this process ends.</summary>
    /// <param name="type">One of <see cref="RunEventTypes"/>.</param>
    /// <param name="data">Details.</param>
    public void Publish<T>(string type, T data)
    {
        try
        {
            lock (_lock)
            {
                _history.Apply(_log.Append(type, data));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogNotStored(RunId, type, exception.Message);
        }
    }

    /// <summary>Adds an event without details.</summary>
    public void Publish(string type) => Publish(type, new { });

    /// <summary>Takes in what is newer than any event.</summary>
    public void Note(RunProgressView progress)
    {
        lock (_lock)
        {
            _history.Progress = progress;
        }
    }

    /// <summary>Takes in the result of a run that was trained by <c>mnist train</c>.</summary>
    public void Note(Reports.ResultJson result)
    {
        lock (_lock)
        {
            _history.Apply(result, Progress.Of(result), StepsPerEpoch);
        }
    }

    /// <summary>Looks at what the events add up to.</summary>
    public T Read<T>(Func<RunHistory, T> read)
    {
        lock (_lock)
        {
            return read(_history);
        }
    }

    /// <summary>Its events from a number on, then those to come.</summary>
    public IAsyncEnumerable<RunEvent> WatchAsync(long afterId, CancellationToken cancellationToken) =>
        _log.ReadAsync(afterId, cancellationToken);

    /// <summary>Its folder is gone: whoever reads its events has read the last one.</summary>
    public void Delete() => _log.Delete();

    /// <summary>The run as it stands now.</summary>
    /// <param name="queuedBehind">Runs that are before it in the queue.</param>
    public RunView View(int? queuedBehind) => Read(history => new RunView
    {
        RunId = RunId,
        Status = history.Phase,
        QueuedBehind = history.Phase == RunPhase.Queued ? queuedBehind : null,
        Recipe = Spec.Recipe,
        Seed = Spec.Seed,
        Workers = Manifest.Workers,
        Partitions = Manifest.Partitions,
        Dataset = Manifest.DatasetName,
        CreatedAt = Manifest.StartedAt,
        EndedAt = history.EndedAt,
        Progress = history.Progress ?? Progress.NothingDone,
        WeightsSha256 = history.WeightsSha256,
        Error = history.Error,
        LastEventId = _log.LastId,
        SpecSha256 = Manifest.SpecSha256,
        Spec = Manifest.Spec,
    });

    public void Dispose() => _log.Dispose();

    [LoggerMessage(Level = LogLevel.Error, Message = "{RunId}: event {Type} cannot be stored: {Reason}")]
    private partial void LogNotStored(string runId, string type, string reason);
}
