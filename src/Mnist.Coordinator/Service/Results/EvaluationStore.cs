using Mnist.Coordinator.Models;
using Mnist.Coordinator.Service.Runs;
using Mnist.Coordinator.Training;
using Mnist.Grains.Contracts;
using Mnist.Learning.Data;
using Mnist.Learning.Evaluation;
using Orleans;

namespace Mnist.Coordinator.Service.Results;

/// <summary>What runs said about the test split after their last epoch.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Summary">Predictions and confusion matrix.</param>
/// <param name="Probabilities">(images, 10); 0 where a run that diverged computes no number.</param>
internal sealed record RunEvaluation(int Epoch, EvaluationSummary Summary, float[] Probabilities);

/// <summary>Gets evaluations: from the grains while a run goes on, from the model once it is completed.</summary>
internal sealed class EvaluationStore(Dataset dataset, ModelStore models, IGrainFactory grains)
{
    private const int MaxKept = 8;
    private readonly Lock _lock = new();
    private readonly LinkedList<(string RunId, int Epoch, Task<RunEvaluation> Evaluation)> _kept = new();

    /// <summary>What a run said after its last epoch.</summary>
    /// <exception cref="ServiceException">There is nothing yet.</exception>
    public Task<RunEvaluation> GetAsync(RunEntry run, CancellationToken cancellationToken)
    {
        var epoch = run.Read(history => history.LastEpoch);
        if (epoch == 0)
        {
            throw new ServiceException(ServiceProblem.Conflict, $"run {run.RunId}: has not completed an epoch yet");
        }

        if (run.Spec.DatasetSha256 != dataset.Sha256)
        {
            throw new ServiceException(
                ServiceProblem.Conflict, $"run {run.RunId}: was trained on data set {run.Manifest.DatasetName}, expected {dataset.Name}");
        }

        lock (_lock)
        {
            var kept = _kept.FirstOrDefault(kept => kept.RunId == run.RunId && kept.Epoch == epoch).Evaluation;
            if (kept is null or { IsFaulted: true })
            {
                // Several callers wait for the same one.
                kept = Task.Run(() => ComputeAsync(run, epoch), CancellationToken.None);
                _kept.AddFirst((run.RunId, epoch, kept));
                if (_kept.Count > MaxKept)
                {
                    _kept.RemoveLast();
                }
            }

            return kept.WaitAsync(cancellationToken);
        }
    }

    private async Task<RunEvaluation> ComputeAsync(RunEntry run, int epoch)
    {
        if (run.Phase == RunPhase.Running)
        {
            var snapshot = await grains.GetGrain<ITrainingRunGrain>(run.RunId).GetEvaluationAsync();
            return Create(snapshot.Epoch, FloatBytes.Read(snapshot.TestProbabilities));
        }

        var state = await models.GetStateAsync(run, CancellationToken.None);
        return Create(epoch, ParallelEvaluator.Predict(run.Spec.Network, state, dataset.Test));
    }

    private RunEvaluation Create(int epoch, float[] probabilities)
    {
        probabilities.AsSpan().Replace(float.NaN, 0);
        return new(epoch, EvaluationSummary.FromProbabilities(probabilities, dataset.Test.Labels.Span), probabilities);
    }
}
