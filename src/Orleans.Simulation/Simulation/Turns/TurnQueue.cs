using Microsoft.Extensions.Logging;

namespace Orleans.Simulation;

/// <summary>
/// The turns that an activation is to run, in order and never two at once. It is the activation's task scheduler, so that what
/// follows an <c>await</c> in grain code is a turn of the same activation. Code outside grains may have such a queue too.
/// </summary>
internal sealed class TurnQueue : TaskScheduler
{
    private static readonly ExecutionContext Pristine = CapturePristineContext();

    private readonly Lock _lock = new();
    private readonly Queue<object> _items = new();
    private readonly ITurnScheduler _scheduler;
    private readonly ILogger _logger;
    private readonly IThreadGuard? _guard;
    private bool _scheduled;
    private int _limit;
    private object? _frame;
    private WorkItem? _next;
    private volatile bool _occupied;

    public TurnQueue(Activation? owner, ITurnScheduler scheduler, ILogger logger)
    {
        Owner = owner;
        _scheduler = scheduler;
        _logger = logger;
        _guard = scheduler as IThreadGuard;
    }

    /// <summary>The queue whose turn this code runs in; null if it runs in none.</summary>
    public static TurnQueue? Running => Current as TurnQueue;

    public Activation? Owner { get; }

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>How many turns are to run.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _items.Count + (_next is null ? 0 : 1);
            }
        }
    }

    /// <summary>Whether no turn may run.</summary>
    public bool IsOccupied => _occupied;

    /// <summary>Takes away the async-local values of what ran before.</summary>
    public static void RestorePristineContext() => ExecutionContext.Restore(Pristine);

    public void Enqueue(WorkItem item) => Add(item);

    /// <summary>Lets no turn run after the current one.</summary>
    public void Occupy() => _occupied = true;

    /// <summary>Lets turns run again.</summary>
    /// <param name="next">Comes before all that were queued meanwhile.</param>
    public void Release(WorkItem next)
    {
        lock (_lock)
        {
            _next = next;
            _occupied = false;
        }

        _scheduler.Schedule(this);
    }

    /// <summary>Runs turns until there are none left or the given number has run. Only the turn scheduler calls this.</summary>
    public void RunTurns(int limit)
    {
        // The frame is a task of this scheduler, so that messages, which are no tasks, run with it as the current scheduler too.
        var frame = new Task(
            static state => ((TurnQueue)state!).RunFrame(), this, CancellationToken.None, TaskCreationOptions.DenyChildAttach);
        _limit = limit;
        _frame = frame;
        frame.RunSynchronously(this);
        _frame = null;

        bool more;
        lock (_lock)
        {
            // While it is occupied nobody else may schedule it either: that is left to the release.
            more = _items.Count > 0 && !_occupied;
            _scheduled = more || _occupied;
        }

        if (more)
        {
            _scheduler.Schedule(this);
        }
    }

    protected override void QueueTask(Task task) => Add(task);

    // Orleans' rule: within a turn of the same activation a continuation runs at once, otherwise it becomes a turn of its own.
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        (ReferenceEquals(task, _frame) || (!taskWasPreviouslyQueued && ReferenceEquals(Current, this))) && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_lock)
        {
            return [.. _items.OfType<Task>()];
        }
    }

    private static ExecutionContext CapturePristineContext()
    {
        // Whoever comes here first may carry async-local values, which turns must not inherit: a new thread has none.
        ExecutionContext? context = null;
        var thread = new Thread(() => context = ExecutionContext.Capture());
        thread.UnsafeStart();
        thread.Join();
        return context!;
    }

    private void Add(object item)
    {
        if (_guard is not null && !_guard.Admits(this, item))
        {
            return;
        }

        bool schedule;
        lock (_lock)
        {
            _items.Enqueue(item);
            schedule = !_scheduled;
            _scheduled = true;
        }

        if (schedule)
        {
            _scheduler.Schedule(this);
        }
    }

    private void RunFrame()
    {
        for (int turn = 0; turn < _limit; turn++)
        {
            object? item;
            lock (_lock)
            {
                (item, _next) = (_next, null);
                if (_occupied || (item is null && !_items.TryDequeue(out item)))
                {
                    return;
                }
            }

            if (item is Task task)
            {
                _ = TryExecuteTask(task);
                continue;
            }

            RestorePristineContext();
            try
            {
                ((WorkItem)item).Execute();
            }
            catch (Exception exception)
            {
                _logger.LogError(exception, "A turn of {Activation} failed in the runtime.", Owner);
            }
        }
    }
}
