namespace Mnist.Benchmarks.Comparison;

/// <summary>What a contestant reached with its better batch.</summary>
/// <param name="Contestant">Who.</param>
/// <param name="Batch">The batch whose median is higher.</param>
/// <param name="Median">Median of its images a second.</param>
/// <param name="Rates">Its images a second, in the order of the runs.</param>
internal sealed record BestRate(Contestant Contestant, int Batch, double Median, IReadOnlyList<double> Rates);

/// <summary>What the measurements of a network come to. Ratios are medians over the runs.</summary>
internal sealed record NetworkSummary
{
    /// <summary>Name of the network.</summary>
    public required string Network { get; init; }

    /// <summary>All contestants.</summary>
    public required IReadOnlyList<BestRate> Best { get; init; }

    /// <summary>Two workers over DistributedDataParallel with two processes.</summary>
    public required double AgainstDdp { get; init; }

    /// <summary>Two workers over the best of PyTorch in one process, with one thread or two.</summary>
    public required double AgainstOneProcess { get; init; }

    /// <summary>Two workers over one.</summary>
    public required double Scaling { get; init; }

    /// <summary>Two workers over the kernels in two loops that wait for nobody: the part of what is possible.</summary>
    public required double OfPossible { get; init; }

    /// <summary>These two loops over one: what the second core gives.</summary>
    public required double PossibleScaling { get; init; }

    /// <summary>What one contestant reached.</summary>
    public BestRate this[Contestant contestant] => Best.First(rate => rate.Contestant == contestant);

    /// <summary>Sums up the measurements of a network.</summary>
    /// <param name="network">Name of the network.</param>
    /// <param name="measurements">As many for every contestant and batch; those of other networks are left out.</param>
    public static NetworkSummary Of(string network, IEnumerable<Measurement> measurements)
    {
        var best = measurements
            .Where(measurement => measurement.Work.Network == network)
            .GroupBy(measurement => measurement.Contestant)
            .OrderBy(group => group.Key)
            .Select(group => BestOf(group.Key, group))
            .ToArray();
        BestRate Of(Contestant contestant) => best.Single(rate => rate.Contestant == contestant);
        var two = Of(Contestant.TwoWorkers);
        var loops = Of(Contestant.TwoPlainLoops);
        var alone = new[] { Of(Contestant.TorchOneThread), Of(Contestant.TorchTwoThreads) }.MaxBy(rate => rate.Median)!;
        return new NetworkSummary
        {
            Network = network,
            Best = best,
            AgainstDdp = Statistics.MedianRatio(two.Rates, Of(Contestant.TorchTwoProcesses).Rates),
            AgainstOneProcess = Statistics.MedianRatio(two.Rates, alone.Rates),
            Scaling = Statistics.MedianRatio(two.Rates, Of(Contestant.OneWorker).Rates),
            OfPossible = Statistics.MedianRatio(two.Rates, loops.Rates),
            PossibleScaling = Statistics.MedianRatio(loops.Rates, Of(Contestant.OnePlainLoop).Rates),
        };
    }

    private static BestRate BestOf(Contestant contestant, IEnumerable<Measurement> measurements) => measurements
        .GroupBy(measurement => measurement.Work.Batch)
        .Select(group =>
        {
            var rates = group.OrderBy(measurement => measurement.Run).Select(measurement => measurement.ImagesPerSecond).ToArray();
            return new BestRate(contestant, group.Key, Statistics.Median(rates), rates);
        })
        .MaxBy(rate => rate.Median)!;
}

/// <summary>What whole runs of the recipe come to: medians over the runs.</summary>
/// <param name="Seconds">Seconds of training with two workers.</param>
/// <param name="PeerSeconds">Seconds of training of DistributedDataParallel with two processes.</param>
/// <param name="Ratio">Theirs over ours.</param>
/// <param name="LowestAccuracy">The lowest accuracy on the test split with two workers, 0 to 1.</param>
/// <param name="LowestPeerAccuracy">The peer's.</param>
internal sealed record RaceSummary(
    double Seconds, double PeerSeconds, double Ratio, double LowestAccuracy, double LowestPeerAccuracy)
{
    /// <summary>Sums up whole runs.</summary>
    /// <param name="trained">As many of two workers as of DistributedDataParallel.</param>
    public static RaceSummary Of(IEnumerable<TrainedRecipe> trained)
    {
        var runs = trained.OrderBy(recipe => recipe.Run).ToLookup(recipe => recipe.Contestant);
        double[] Seconds(Contestant contestant) => [.. runs[contestant].Select(recipe => recipe.TrainSeconds)];
        var (ours, theirs) = (Seconds(Contestant.TwoWorkers), Seconds(Contestant.TorchTwoProcesses));
        return new RaceSummary(
            Statistics.Median(ours),
            Statistics.Median(theirs),
            Statistics.MedianRatio(theirs, ours),
            runs[Contestant.TwoWorkers].Min(recipe => recipe.Accuracy),
            runs[Contestant.TorchTwoProcesses].Min(recipe => recipe.Accuracy));
    }
}
