using Mnist.Grains.Hosting;
using Orleans.Simulation;

namespace Mnist.Simulator.Models;

/// <summary>
/// What the silos of a simulated cluster hear of each other's end: some at once, some nothing, as of another machine, and now and then
/// that a silo has ended which has not.
/// </summary>
/// <param name="cluster">The cluster.</param>
internal sealed class SimulatedSiloWatch(SimulatedCluster cluster) : ISiloWatch
{
    private const double Known = 0.8;
    private const double Mistaken = 0.05;
    private static readonly TimeRange LatestMistake = TimeRange.Seconds(0, 10);
    private readonly SimulatedRandom _random = cluster.CreateRandom("silo watch");
    private readonly Dictionary<string, List<TaskCompletionSource>> _watched = [];

    /// <inheritdoc/>
    public Task? EndOf(string silo)
    {
        if (!_random.NextBoolean(Known))
        {
            return null;
        }

        var end = new TaskCompletionSource();
        if (!_watched.TryGetValue(silo, out var watching))
        {
            _watched[silo] = watching = [];
        }

        watching.Add(end);
        if (_random.NextBoolean(Mistaken))
        {
            cluster.After(_random.NextTime(LatestMistake), () => end.TrySetResult());
        }

        return end.Task;
    }

    /// <summary>A silo has ended.</summary>
    /// <param name="silo">What its grains called it.</param>
    public void End(string silo)
    {
        if (_watched.Remove(silo, out var watching))
        {
            watching.ForEach(end => end.TrySetResult());
        }
    }
}
