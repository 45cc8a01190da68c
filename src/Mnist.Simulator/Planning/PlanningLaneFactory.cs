using Mnist.Grains.Compute;
using Orleans.Simulation;

namespace Mnist.Simulator.Planning;

/// <summary>Lanes on which computing takes the time that it was measured to take.</summary>
/// <param name="time">Virtual time.</param>
/// <param name="calibration">What was measured.</param>
/// <param name="slice">How long a slice takes with as many workers on a silo as there are.</param>
/// <param name="random">What the times are drawn from.</param>
internal sealed class PlanningLaneFactory(TimeProvider time, Calibration calibration, Spread slice, SimulatedRandom random)
    : IComputeLaneFactory
{
    public IComputeLane Create(string name) => new Lane(this, time);

    /// <summary>
    /// How long a slice takes where several workers share the cores of a silo: between what it takes alone and with all cores busy, and
    /// from there on in proportion to the workers.
    /// </summary>
    /// <param name="calibration">What was measured.</param>
    /// <param name="workers">Workers that compute on a silo.</param>
    public static Spread SliceOn(Calibration calibration, int workers)
    {
        if (workers >= calibration.Cores)
        {
            return calibration.BusySlice.Select(microseconds => microseconds * workers / calibration.Cores);
        }

        var share = calibration.Cores == 1 ? 0 : (workers - 1.0) / (calibration.Cores - 1);
        return Spread.Between(calibration.AloneSlice, calibration.BusySlice, share);
    }

    private (TimeSpan Computing, TimeSpan Total) Draw(int slices)
    {
        var computing = calibration.LoadMicroseconds;
        for (var i = 0; i < slices; i++)
        {
            computing += slice.At(random.NextDouble());
        }

        var rest = calibration.WorkerOverhead.At(random.NextDouble()) + ((slices - 1) * calibration.CombineMicroseconds);
        return (TimeSpan.FromMicroseconds(computing), TimeSpan.FromMicroseconds(computing + rest));
    }

    private sealed class Lane(PlanningLaneFactory factory, TimeProvider time) : IComputeLane
    {
        public async Task<TimeSpan> RunAsync(int pieces, Action<int> compute, CancellationToken cancellationToken)
        {
            var (computing, total) = factory.Draw(pieces);
            await time.PassAsync(total, cancellationToken);
            for (var piece = 0; piece < pieces; piece++)
            {
                compute(piece);
            }

            return computing;
        }

        public void Dispose()
        {
        }
    }
}
