using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Mnist.Coordinator.Service.Events;

/// <summary>
/// The events of a run, a line of JSON each, in a file that only grows. An event is shown to nobody before its line is written, so that
/// numbers never come twice with different content, whenever the process is killed: half a line at the end is cut off when the
/// log is opened again. Readers fetch at their own pace, the newest events from memory and older ones from the file.
/// </summary>
internal sealed class EventLog : IDisposable
{
    private const int Remembered = 256;
    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly Queue<RunEvent> _newest = new();
    private RunEvent? _last;
    private FileStream? _file;
    private TaskCompletionSource _changed = NewSignal();
    private bool _isDeleted;

    private EventLog(string path, TimeProvider time) => (_path, _time) = (path, time);

    /// <summary>Id of the newest event, 0 where there is none.</summary>
    public long LastId => _last?.Id ?? 0;

    /// <summary>Opens a log, which needs no file before its first event.</summary>
    /// <param name="path">The file.</param>
    /// <param name="time">Stamps events.</param>
    /// <param name="replay">Receives the events that are there, in order.</param>
    public static EventLog Open(string path, TimeProvider time, Action<RunEvent> replay)
    {
        var log = new EventLog(path, time);
        foreach (var known in EventFile.Read(path))
        {
            log.Remember(known);
            replay(known);
        }

        return log;
    }

    /// <summary>Adds an event.</summary>
    /// <param name="type">One of <see cref="RunEventTypes"/>.</param>
    /// <param name="data">Details.</param>
    /// <returns>The event.</returns>
    /// <exception cref="IOException">The file cannot be written; the log is as it was.</exception>
    public RunEvent Append<T>(string type, T data)
    {
        lock (_lock)
        {
            var added = new RunEvent(LastId + 1, type, _time.GetUtcNow(), JsonSerializer.SerializeToElement(data, ServiceJson.Options));
            _file ??= EventFile.OpenForAppending(_path);
            EventFile.Append(_file, added);
            Remember(added);
            Signal();
            return added;
        }
    }

    /// <summary>Events from a number on, then those to come; ends with one after which nothing follows, if that is the newest, and when
    /// the log is deleted.</summary>
    /// <param name="afterId">Id of the last event that the reader knows.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<RunEvent> ReadAsync(long afterId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A reader that knows the end already is not to wait for what never comes.
        var isEnd = IsEnd(afterId);
        while (!isEnd)
        {
            var (batch, changed) = After(afterId);
            if (batch is null)
            {
                await changed.WaitAsync(cancellationToken);
                isEnd = IsEnd(afterId);
                continue;
            }

            foreach (var next in batch)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return next;
                afterId = next.Id;
            }

            isEnd = IsEnd(afterId);
        }
    }

    /// <summary>Closes the file. Reading goes on; adding an event opens it again.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _file?.Dispose();
            _file = null;
        }
    }

    /// <summary>The file is gone, or goes: readers end, whatever they have read so far.</summary>
    public void Delete()
    {
        Dispose();
        lock (_lock)
        {
            _isDeleted = true;
            Signal();
        }
    }

    private bool IsEnd(long id)
    {
        lock (_lock)
        {
            return _isDeleted || (id >= LastId && _last is { } last && RunEventTypes.IsEnd(last.Type));
        }
    }

    private void Signal()
    {
        var changed = _changed;
        _changed = NewSignal();
        changed.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private (IEnumerable<RunEvent>? Events, Task Changed) After(long id)
    {
        lock (_lock)
        {
            if (id >= LastId)
            {
                return (null, _changed.Task);
            }

            var first = _newest.Peek().Id;
            return id + 1 >= first
                ? ((RunEvent[])[.. _newest.Where(known => known.Id > id)], _changed.Task)
                : (EventFile.Read(_path).SkipWhile(known => known.Id <= id).TakeWhile(known => known.Id < first), _changed.Task);
        }
    }

    private void Remember(RunEvent known)
    {
        _last = known;
        _newest.Enqueue(known);
        if (_newest.Count > Remembered)
        {
            _newest.Dequeue();
        }
    }
}
