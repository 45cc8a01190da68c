using Mnist.Grains.Compute;
using Mnist.Simulator.Faults;
using Orleans.Simulation;

namespace Mnist.Simulator.Models;

/// <summary>How long workers compute. Changes as stragglers come and go.</summary>
internal sealed class ComputeConditions(SimulatedRandom random, double[] sliceMilliseconds)
{
    private readonly TimeRange _slice = TimeRange.Milliseconds(sliceMilliseconds[0], sliceMilliseconds[1]);

    /// <summary>Names of silos and workers that are slow at the moment, and how many times.</summary>
    public Dictionary<string, double> SlowBy { get; } = [];

    /// <summary>Draws how long a worker computes on a slice.</summary>
    public TimeSpan DrawSlice(string silo, string worker) =>
        random.NextTime(_slice) * Math.Max(SlowBy.GetValueOrDefault(silo, 1), SlowBy.GetValueOrDefault(worker, 1));
}

/// <summary>Lanes on which computing takes virtual time.</summary>
internal sealed class VirtualLaneFactory(TimeProvider time, string silo, ComputeConditions conditions) : IComputeLaneFactory
{
    public IComputeLane Create(string name) =>
        new Lane(time, silo, FaultTarget.Worker(int.Parse(name.AsSpan(name.LastIndexOf('/') + 1), provider: null)), conditions);

    private sealed class Lane(TimeProvider time, string silo, string worker, ComputeConditions conditions) : IComputeLane
    {
        public async Task<TimeSpan> RunAsync(int pieces, Action<int> compute, CancellationToken cancellationToken)
        {
            var begun = time.GetTimestamp();
            for (var piece = 0; piece < pieces; piece++)
            {
                await Task.Delay(conditions.DrawSlice(silo, worker), time, cancellationToken);
                compute(piece);
            }

            return time.GetElapsedTime(begun);
        }

        public void Dispose()
        {
        }
    }
}
