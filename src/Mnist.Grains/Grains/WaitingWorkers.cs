using Mnist.Grains.Contracts;

namespace Mnist.Grains.Grains;

/// <summary>Workers whose call waits for the next round, at most one call each.</summary>
internal sealed class WaitingWorkers
{
    private readonly SortedDictionary<int, Waiter> _waiters = [];

    /// <summary>When the first of the calls has waited long enough; null when nobody waits.</summary>
    public TimeSpan? FirstDeadline => _waiters.Count == 0 ? null : _waiters.Values.Min(waiter => waiter.Deadline);

    /// <summary>Workers that wait.</summary>
    public int Count => _waiters.Count;

    /// <summary>Waits for an answer. A call of the same worker that still waits is answered with <paramref name="superseded"/>.</summary>
    public Task<ExchangeReply> Add(ExchangeRequest request, TimeSpan deadline, ExchangeReply superseded)
    {
        Answer(request.Worker, superseded);
        var waiter = new Waiter(request, deadline, new TaskCompletionSource<ExchangeReply>());
        _waiters.Add(request.Worker, waiter);
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
        foreach (var waiter in _waiters.Values.Where(waiter => waiter.Deadline <= now).ToArray())
        {
            Answer(waiter.Request.Worker, reply(waiter.Request));
        }
    }

    private sealed record Waiter(ExchangeRequest Request, TimeSpan Deadline, TaskCompletionSource<ExchangeReply> Reply);
}
