namespace Mnist.Grains.Protocol;

/// <summary>A worker that may lease shards.</summary>
/// <param name="Worker">Index of the worker.</param>
/// <param name="MicrosecondsPerSlice">Moving average of its computing time of a slice; 0 when unknown.</param>
public readonly record struct LeaseCandidate(int Worker, double MicrosecondsPerSlice);

/// <summary>Divides shards among live workers. A pure function: the same input gives the same table.</summary>
public static class LeasePolicy
{
    /// <summary>A worker counts as slow, and leases fewer shards, when its slices take this many times the fastest's.</summary>
    public const double SlowRatio = 1.8;

    /// <summary>
    /// Gives every worker a contiguous run of shards, in the order of their indices, so that the slices of a worker form
    /// large aligned subtrees of the reduction tree. Equally fast workers get equal shares (to one shard); when speeds
    /// differ by more than <see cref="SlowRatio"/>, shares are proportional to speed, and at least one shard where there are enough.
    /// </summary>
    /// <param name="shards">Number of shards.</param>
    /// <param name="candidates">Live workers, each once.</param>
    public static LeaseTable Divide(int shards, IReadOnlyCollection<LeaseCandidate> candidates)
    {
        if (candidates.Count == 0)
        {
            return LeaseTable.Empty(shards);
        }

        var ordered = candidates.OrderBy(candidate => candidate.Worker).ToArray();
        var shares = Shares(shards, Speeds(ordered));
        var owners = new int[shards];
        var cumulative = 0.0;
        var next = 0;
        for (var i = 0; i < ordered.Length; i++)
        {
            cumulative += shares[i];
            var end = i == ordered.Length - 1 ? shards : (int)Math.Round(cumulative, MidpointRounding.AwayFromZero);
            while (next < end)
            {
                owners[next++] = ordered[i].Worker;
            }
        }

        return LeaseTable.FromOwners(owners);
    }

    /// <summary>
    /// Shares in proportion to speed. Where there are enough shards, whoever would get less than one gets one: a worker
    /// that computes nothing is never found to be fast again.
    /// </summary>
    private static double[] Shares(int shards, double[] speeds)
    {
        var shares = new double[speeds.Length];
        var (remaining, total) = ((double)shards, speeds.Sum());
        if (shards >= speeds.Length)
        {
            while (Array.FindIndex(speeds, speed => speed > 0 && remaining * speed / total < 1) is var slow and >= 0)
            {
                (shares[slow], remaining, total) = (1, remaining - 1, total - speeds[slow]);
                speeds[slow] = 0;
            }
        }

        for (var i = 0; i < shares.Length; i++)
        {
            shares[i] = shares[i] > 0 ? shares[i] : remaining * speeds[i] / total;
        }

        return shares;
    }

    private static double[] Speeds(LeaseCandidate[] candidates)
    {
        var known = candidates.Where(candidate => candidate.MicrosecondsPerSlice > 0).ToArray();
        if (known.Length == 0)
        {
            return [.. candidates.Select(_ => 1.0)];
        }

        var fastest = known.Min(candidate => candidate.MicrosecondsPerSlice);
        var isEven = known.All(candidate => candidate.MicrosecondsPerSlice < SlowRatio * fastest);
        return [.. candidates.Select(candidate =>
            isEven || candidate.MicrosecondsPerSlice <= 0 ? 1.0 : fastest / candidate.MicrosecondsPerSlice)];
    }
}
