using Mnist.Coordinator.Service.Runs;
using Mnist.Coordinator.Training;
using Mnist.Grains.Contracts;
using Mnist.Learning;
using Mnist.Learning.Files;
using Mnist.Learning.Models;
using Orleans;

namespace Mnist.Coordinator.Service.Results;

/// <summary>The weights of runs: from the file of one that is completed, from the grains of any other.</summary>
internal sealed class ModelStore(RunRegistry registry, IGrainFactory grains)
{
    private const int MaxKept = 8;
    private readonly Lock _lock = new();
    private readonly LinkedList<(string RunId, int Epoch, DigitClassifier Classifier)> _kept = new();

    /// <summary>What answers for a model.</summary>
    /// <param name="runId">The run; null for the newest that is completed.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ServiceException">There is no such model.</exception>
    public async Task<DigitClassifier> GetClassifierAsync(string? runId, CancellationToken cancellationToken)
    {
        var run = runId is null ? Newest() : registry.Get(runId);

        // Of a run that goes on, the weights after the last epoch's end are good enough until the next one.
        var epoch = run.Phase == RunPhase.Completed ? int.MaxValue : run.Read(history => history.LastEpoch);
        lock (_lock)
        {
            if (_kept.FirstOrDefault(kept => kept.RunId == run.RunId && kept.Epoch == epoch) is { Classifier: { } known })
            {
                return known;
            }
        }

        var state = await GetStateAsync(run, cancellationToken);
        var classifier = new DigitClassifier(run.RunId, run.Spec.Network, state);
        lock (_lock)
        {
            _kept.AddFirst((run.RunId, epoch, classifier));
            if (_kept.Count > MaxKept)
            {
                _kept.RemoveLast();
            }
        }

        return classifier;
    }

    /// <summary>The file of a model.</summary>
    public async Task<byte[]> GetFileAsync(RunEntry run, CancellationToken cancellationToken) =>
        run.Phase == RunPhase.Completed
            ? await File.ReadAllBytesAsync(run.Folder.ModelPath, cancellationToken)
            : ModelFile.Encode(run.Spec, Layout(run), await GetSnapshotAsync(run, cancellationToken));

    /// <summary>(parameters, running statistics) of a run.</summary>
    public async Task<float[]> GetStateAsync(RunEntry run, CancellationToken cancellationToken)
    {
        if (run.Phase != RunPhase.Completed)
        {
            return await GetSnapshotAsync(run, cancellationToken);
        }

        try
        {
            return ModelFile.Read(run.Folder.ModelPath, network => Networks.Create(network).Layout).State;
        }
        catch (InvalidInputException exception)
        {
            throw new ServiceException(ServiceProblem.Conflict, $"run {run.RunId}: its model cannot be read", exception);
        }
    }

    private async Task<float[]> GetSnapshotAsync(RunEntry run, CancellationToken cancellationToken)
    {
        if (run.Phase != RunPhase.Running || run.Read(history => history.LastEpoch) == 0)
        {
            throw new ServiceException(
                ServiceProblem.Conflict, $"run {run.RunId}: has no model at the moment, expected a run that has completed an epoch");
        }

        var snapshot = await grains.GetGrain<ITrainingRunGrain>(run.RunId).GetModelAsync().WaitAsync(cancellationToken);
        return FloatBytes.Read(snapshot.State);
    }

    private RunEntry Newest() =>
        registry.All.FirstOrDefault(run => run.Phase == RunPhase.Completed)
        ?? throw new ServiceException(ServiceProblem.Conflict, "no run is completed yet, expected one to predict with");

    private static ModelLayout Layout(RunEntry run) => Networks.Create(run.Spec.Network).Layout;
}
