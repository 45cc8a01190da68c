using Mnist.Grains.Contracts;

namespace Mnist.Grains.Grains;

/// <summary>
/// Calls of workers that wait for the next round. A worker has one of them as a rule, and more where a former call of it has timed out
/// on the way, or while it has two activations: none is answered before its time, since each answer brings the next call.
/// </summary>
internal sealed class WaitingWorkers
{
    // All wait for equally long, so that who came first is due first. Those that were answered leave when they come to the front.
    private readonly Queue<Waiter> _arrivals = new();
    private readonly Dictionary<int, Waiter> _newest = [];

    /// <summary>Calls that wait.</summary>
    public int Count { get; private set; }

    /// <summary>When the first of the calls has waited long enough; null when nobody waits.</summary>
    public TimeSpan? FirstDeadline
    {
        get
        {
            while (_arrivals.TryPeek(out var first) && first.IsAnswered)
            {
                _arrivals.Dequeue();
            }

            return _arrivals.TryPeek(out var waiting) ? waiting.Deadline : null;
        }
    }

    /// <summary>Waits for an answer.</summary>
    /// <param name="request">The call.</param>
    /// <param name="deadline">When it has waited long enough; no earlier than that of any call before it.</param>
    /// <param name="now">The time.</param>
    public Task<ExchangeReply> Add(ExchangeRequest request, TimeSpan deadline, TimeSpan now)
    {
        var waiter = new Waiter(request, deadline, now, new TaskCompletionSource<ExchangeReply>());
        _newest[request.Worker] = waiter;
        _arrivals.Enqueue(waiter);
        Count++;
        return waiter.Reply.Task;
    }

    /// <summary>Answers the newest call of one worker, if it waits.</summary>
    public void Answer(int worker, ExchangeReply reply)
    {
        if (_newest.Remove(worker, out var waiter) && !waiter.IsAnswered)
        {
            Answer(waiter, reply);
        }
    }

    /// <summary>Answers everybody.</summary>
    /// <param name="reply">Makes the answer to a request.</param>
    public void AnswerAll(Func<ExchangeRequest, ExchangeReply> reply)
    {
        // Answering runs other code, which may wait again: the list is emptied first.
        var waiters = _arrivals.ToArray();
        _arrivals.Clear();
        _newest.Clear();
        foreach (var waiter in waiters.Where(waiter => !waiter.IsAnswered))
        {
            Answer(waiter, reply(waiter.Request));
        }
    }

    /// <summary>Answers those who have waited long enough.</summary>
    /// <param name="now">The time.</param>
    /// <param name="reply">Makes the answer to a request.</param>
    public void AnswerExpired(TimeSpan now, Func<ExchangeRequest, ExchangeReply> reply)
    {
        while (FirstDeadline <= now)
        {
            var waiter = _arrivals.Dequeue();
            Answer(waiter, reply(waiter.Request));
        }
    }

    /// <summary>How long those who wait have waited, all together.</summary>
    /// <param name="now">The time.</param>
    public TimeSpan WaitedUntil(TimeSpan now)
    {
        var sum = TimeSpan.Zero;
        foreach (var waiter in _arrivals)
        {
            sum += waiter.IsAnswered ? TimeSpan.Zero : now - waiter.Since;
        }

        return sum;
    }

    private void Answer(Waiter waiter, ExchangeReply reply)
    {
        Count--;
        waiter.Reply.SetResult(reply);
    }

    private sealed record Waiter(
        ExchangeRequest Request, TimeSpan Deadline, TimeSpan Since, TaskCompletionSource<ExchangeReply> Reply)
    {
        public bool IsAnswered => Reply.Task.IsCompleted;
    }
}
