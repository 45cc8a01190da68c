namespace Orleans.Simulation;

/// <summary>
/// Decides when, and on which thread, queues that have work run. It calls <see cref="TurnQueue.RunTurns"/> once for each
/// <see cref="Schedule"/>; a queue asks again if turns are left.
/// </summary>
internal interface ITurnScheduler
{
    void Schedule(TurnQueue queue);
}

/// <summary>Refuses work that comes from where none may come from: the deterministic host has one thread.</summary>
internal interface IThreadGuard
{
    /// <summary>Whether the running code may queue work. If not, the guard has noted who tried.</summary>
    bool Admits(TurnQueue queue, object item);

    /// <summary>A call has timed out: perhaps because it waits for another thread.</summary>
    void OnTimeout(RequestMessage request);
}

/// <summary>Lets requests take virtual time: the deterministic host.</summary>
internal interface IRequestCost
{
    /// <summary>How much time a request takes before its method's first turn.</summary>
    TimeSpan Of(RequestMessage request);

    /// <summary>Keeps a queue from running turns for some time; then the next one runs before all others.</summary>
    void Spend(TimeSpan time, TurnQueue queue, WorkItem next);
}

/// <summary>Runs queues on the thread pool: the embedded host.</summary>
internal sealed class ThreadPoolTurnScheduler : ITurnScheduler
{
    // Enough that a busy activation amortizes its hop to the pool, few enough that others get their share.
    private const int TurnsAtOnce = 64;

    public void Schedule(TurnQueue queue) => ThreadPool.UnsafeQueueUserWorkItem(Run, queue, preferLocal: true);

    private static void Run(TurnQueue queue) => queue.RunTurns(TurnsAtOnce);
}
