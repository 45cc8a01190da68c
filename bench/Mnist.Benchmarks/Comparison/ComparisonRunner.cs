using Mnist.Learning.Data;
using Mnist.Learning.Specification;

namespace Mnist.Benchmarks.Comparison;

/// <summary>
/// Measures all contestants in turn: one measurement of each, then the next run, so that a machine that is slower for a while
/// is slower for all of them. Who waits for its turn is blocked and takes no time.
/// </summary>
internal sealed class ComparisonRunner : IAsyncDisposable
{
    private readonly ComparisonOptions _options;
    private readonly Dataset _dataset;
    private readonly Trainer _trainer;
    private readonly IReadOnlyDictionary<Contestant, TorchPeer> _peers;
    private readonly string _folder;

    private ComparisonRunner(
        ComparisonOptions options, Dataset dataset, Trainer trainer, IReadOnlyDictionary<Contestant, TorchPeer> peers, string folder)
    {
        (_options, _dataset, _trainer, _peers, _folder) = (options, dataset, trainer, peers, folder);
        TorchVersion = peers[Contestant.TorchOneThread].Version;
    }

    /// <summary>Version of PyTorch.</summary>
    public string TorchVersion { get; }

    /// <summary>Starts all contestants.</summary>
    /// <param name="options">What to compare.</param>
    /// <param name="dataset">MNIST.</param>
    /// <param name="data">Folder of its files.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Learning.InvalidInputException">There is no PyTorch.</exception>
    public static async Task<ComparisonRunner> StartAsync(
        ComparisonOptions options, Dataset dataset, string data, CancellationToken cancellationToken)
    {
        var installation = await TorchInstallation.FindAsync(options.Python);
        var folder = Directory.CreateTempSubdirectory("mnist-benchmarks-").FullName;
        var peers = new Dictionary<Contestant, TorchPeer>();
        try
        {
            foreach (var contestant in Enum.GetValues<Contestant>().Where(contestant => contestant.IsTorch()))
            {
                peers[contestant] = await TorchPeer.StartAsync(
                    installation, contestant, data, options.ChannelsLast, folder, cancellationToken);
            }

            var trainer = await Trainer.StartAsync(dataset, Path.Combine(folder, "state"), cancellationToken);
            return new ComparisonRunner(options, dataset, trainer, peers, folder);
        }
        catch
        {
            await EndAsync(peers.Values, folder);
            throw;
        }
    }

    /// <summary>Measures throughput.</summary>
    /// <param name="network">Name of the network.</param>
    /// <param name="measured">Told about every measurement.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task MeasureAsync(string network, Action<Measurement> measured, CancellationToken cancellationToken)
    {
        for (var run = 1; run <= _options.Runs; run++)
        {
            foreach (var batch in ComparisonOptions.Batches)
            {
                foreach (var contestant in Enum.GetValues<Contestant>())
                {
                    var work = new Work(network, batch);
                    measured(new Measurement(run, contestant, work, await MeasureAsync(contestant, work, cancellationToken)));
                }
            }
        }
    }

    /// <summary>Trains the recipe to its end, on both sides with the same samples, epochs, batch and learning rates.</summary>
    /// <param name="trained">Told about everyone who is done.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task RaceAsync(Action<TrainedRecipe> trained, CancellationToken cancellationToken)
    {
        for (var run = 1; run <= _options.Runs; run++)
        {
            var spec = Recipes.Create(ComparisonOptions.RaceRecipe, (ulong)run, _dataset);
            var (seconds, accuracy) = await _trainer.TrainAsync(spec, Contestant.TwoWorkers.Workers(), cancellationToken);
            trained(new TrainedRecipe(run, Contestant.TwoWorkers, seconds, accuracy));
            (seconds, accuracy) = await _peers[Contestant.TorchTwoProcesses].TrainAsync(OrderOf(spec), cancellationToken);
            trained(new TrainedRecipe(run, Contestant.TorchTwoProcesses, seconds, accuracy));
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _trainer.DisposeAsync();
        await EndAsync(_peers.Values, _folder);
    }

    private Task<double> MeasureAsync(Contestant contestant, Work work, CancellationToken cancellationToken) => contestant switch
    {
        _ when contestant.IsTorch() => _peers[contestant].MeasureAsync(work, _options.Seconds, cancellationToken),
        _ when contestant.IsPlainLoop() =>
            PlainLoops.MeasureAsync(_dataset, SpecOf(work), contestant.Workers(), _options.Seconds, cancellationToken),
        _ => _trainer.MeasureAsync(SpecOf(work), contestant.Workers(), _options.Seconds, cancellationToken),
    };

    /// <summary>What is trained in a measurement of throughput, for longer than any is.</summary>
    private RunSpec SpecOf(Work work) => Recipes.Create(work.Network, seed: 1, _dataset, new RunOverrides
    {
        // Peers neither distort images nor average weights.
        GlobalBatch = work.Batch,
        Epochs = RunSpecValidator.MaxEpochs,
        Augmentation = false,
        EmaDecay = 0,
        ValidationSamples = 0,
        Schedule = ScheduleShapes.Constant,
        WarmupFraction = 0,
        LearningRate = 0.001f,
    });

    private static PeerOrder OrderOf(RunSpec spec) => new("train", spec.Network, spec.GlobalBatch)
    {
        Samples = spec.TrainingSamples,
        Epochs = spec.Epochs,
        Peak = spec.Schedule.Peak,
        Warmup = spec.Schedule.WarmupFraction,
        Beta2 = spec.Optimizer.Beta2,
        Seed = spec.Seed,
    };

    private static async Task EndAsync(IEnumerable<TorchPeer> peers, string folder)
    {
        foreach (var peer in peers)
        {
            await peer.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }
}
