using Mnist.Grains.Contracts;

namespace Mnist.Grains.Grains;

/// <summary>Workers whose call waits for the next round, at most one call each.</summary>
internal sealed class WaitingWorkers
{
    private readonly SortedDictionary<int, Waiter> _waiters = [];

    // All wait for equally long, so that who came first is due first. Those that were answered leave when they come to the front.
    private readonly Queue<Waiter> _arrivals = new();

    /// <summary>When the first of the calls has waited long enough; null when nobody waits.</summary>
    public TimeSpan? FirstDeadline
    {
        get
        {
            DropAnswered();
            return _arrivals.TryPeek(out var first) ? first.Deadline : null;
        }
    }

    /// <summary>Workers that wait.</summary>
    public int Count => _waiters.Count;

    /// <summary>Waits for an answer. A call of the same worker that still waits is answered with <paramref name="superseded"/>.</summary>
    /// <param name="request">The call.</param>
    /// <param name="deadline">When it has waited long enough; no earlier than that of any call before it.</param>
    /// <param name="superseded">The answer to a former call of the worker.</param>
    public Task<ExchangeReply> Add(ExchangeRequest request, TimeSpan deadline, ExchangeReply superseded)
    {
        Answer(request.Worker, superseded);
        var waiter = new Waiter(request, deadline, new TaskCompletionSource<ExchangeReply>());
        _waiters.Add(request.Worker, waiter);
        _arrivals.Enqueue(waiter);
        return waiter.Reply.Task;
    }

    /// <summary>Answers one worker, if it waits.</summary>
    public void Answer(int worker, ExchangeReply reply)
    {
        if (_waiters.Remove(worker, out var waiter))
        {
            waiter.Reply.SetResult(reply);
        }
    }

    /// <summary>Answers everybody.</summary>
    /// <param name="reply">Makes the answer to a request.</param>
    public void AnswerAll(Func<ExchangeRequest, ExchangeReply> reply)
    {
        // Answering runs other code, which may wait again: the list is emptied first.
        var waiters = _waiters.Values.ToArray();
        _waiters.Clear();
        _arrivals.Clear();
        foreach (var waiter in waiters)
        {
            waiter.Reply.SetResult(reply(waiter.Request));
        }
    }

    /// <summary>Answers those who have waited long enough.</summary>
    /// <param name="now">The time.</param>
    /// <param name="reply">Makes the answer to a request.</param>
    public void AnswerExpired(TimeSpan now, Func<ExchangeRequest, ExchangeReply> reply)
    {
        if (FirstDeadline is not { } first || first > now)
        {
            return;
        }

        foreach (var waiter in _waiters.Values.Where(waiter => waiter.Deadline <= now).ToArray())
        {
            Answer(waiter.Request.Worker, reply(waiter.Request));
        }
    }

    private void DropAnswered()
    {
        while (_arrivals.TryPeek(out var first) && first.Reply.Task.IsCompleted)
        {
            _arrivals.Dequeue();
        }
    }

    private sealed record Waiter(ExchangeRequest Request, TimeSpan Deadline, TaskCompletionSource<ExchangeReply> Reply);
}
