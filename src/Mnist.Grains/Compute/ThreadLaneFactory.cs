using System.Collections.Concurrent;

namespace Mnist.Grains.Compute;

/// <summary>
/// A thread for every lane, so that computing never holds a thread of the pool that the grains run on, and a worker stays
/// on a core with its caches warm.
/// </summary>
/// <param name="time">Measures how long jobs take.</param>
public sealed class ThreadLaneFactory(TimeProvider time) : IComputeLaneFactory
{
    /// <inheritdoc/>
    public IComputeLane Create(string name) => new ThreadLane(name, time);

    private sealed class ThreadLane : IComputeLane
    {
        private readonly BlockingCollection<Job> _jobs = [];
        private readonly TimeProvider _time;

        public ThreadLane(string name, TimeProvider time)
        {
            _time = time;
            var thread = new Thread(Work) { IsBackground = true, Name = name };
            thread.Start();
        }

        public Task<TimeSpan> RunAsync(int pieces, Action<int> compute, CancellationToken cancellationToken)
        {
            var job = new Job(pieces, compute, cancellationToken);
            _jobs.Add(job, CancellationToken.None);
            return job.Done.Task;
        }

        public void Dispose() => _jobs.CompleteAdding();

        private void Work()
        {
            foreach (var job in _jobs.GetConsumingEnumerable())
            {
                try
                {
                    job.Done.SetResult(Compute(job));
                }
                catch (OperationCanceledException exception)
                {
                    job.Done.SetCanceled(exception.CancellationToken);
                }
#pragma warning disable CA1031 // Whatever a job throws belongs to whoever waits for it, never to the thread.
                catch (Exception exception)
#pragma warning restore CA1031
                {
                    job.Done.SetException(exception);
                }
            }

            _jobs.Dispose();
        }

        private TimeSpan Compute(Job job)
        {
            var begun = _time.GetTimestamp();
            for (var piece = 0; piece < job.Pieces; piece++)
            {
                job.CancellationToken.ThrowIfCancellationRequested();
                job.Compute(piece);
            }

            return _time.GetElapsedTime(begun);
        }
    }

    private sealed record Job(int Pieces, Action<int> Compute, CancellationToken CancellationToken)
    {
        // Continuations must not run on the lane's thread: they belong to the grain's scheduler.
        public TaskCompletionSource<TimeSpan> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
