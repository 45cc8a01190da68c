using Mnist.Grains.Compute;
using Mnist.Grains.Hosting;

namespace Mnist.Clustering.Faults;

/// <summary>Lanes on which computing can be made to take longer. A lane has the name of its worker's grain.</summary>
internal sealed class SlowableLaneFactory(ThreadLaneFactory lanes, FaultInjection faults, TimeProvider time) : IComputeLaneFactory
{
    /// <inheritdoc/>
    public IComputeLane Create(string name) => new SlowableLane(lanes.Create(name), name, faults, time);

    private sealed class SlowableLane(IComputeLane lane, string worker, FaultInjection faults, TimeProvider time) : IComputeLane
    {
        public Task<TimeSpan> RunAsync(int pieces, Action<int> compute, CancellationToken cancellationToken) => lane.RunAsync(
            pieces,
            piece =>
            {
                var begun = time.GetTimestamp();
                compute(piece);
                var extra = time.GetElapsedTime(begun) * (faults.SlowdownOf(worker) - 1);
                if (extra > TimeSpan.Zero)
                {
                    // On the lane's own thread, as computing would.
                    cancellationToken.WaitHandle.WaitOne(extra);
                }
            },
            cancellationToken);

        public void Dispose() => lane.Dispose();
    }
}
