using System.Collections.Concurrent;

namespace Mnist.Grains.Compute;

/// <summary>
/// A thread for every lane, so that computing never holds a thread of the pool that the grains run on, and a worker stays
/// on a core with its caches warm.
/// </summary>
public sealed class ThreadLaneFactory : IComputeLaneFactory
{
    /// <inheritdoc/>
    public IComputeLane Create(string name) => new ThreadLane(name);

    private sealed class ThreadLane : IComputeLane
    {
        private readonly BlockingCollection<(Action Job, TaskCompletionSource Done)> _jobs = [];

        public ThreadLane(string name)
        {
            var thread = new Thread(Work) { IsBackground = true, Name = name };
            thread.Start();
        }

        public Task RunAsync(Action job)
        {
            // Continuations must not run on this thread: they belong to the grain's scheduler.
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _jobs.Add((job, done));
            return done.Task;
        }

        public void Dispose() => _jobs.CompleteAdding();

        private void Work()
        {
            foreach (var (job, done) in _jobs.GetConsumingEnumerable())
            {
                try
                {
                    job();
                    done.SetResult();
                }
                catch (OperationCanceledException exception)
                {
                    done.SetCanceled(exception.CancellationToken);
                }
#pragma warning disable CA1031 // Whatever a job throws belongs to whoever waits for it, never to the thread.
                catch (Exception exception)
#pragma warning restore CA1031
                {
                    done.SetException(exception);
                }
            }

            _jobs.Dispose();
        }
    }
}
