using Mnist.Learning.Data;
using Mnist.Learning.Evaluation;
using Mnist.Learning.Specification;

namespace Mnist.Learning.Training;

/// <summary>
/// Runs a specification in one thread, slice after slice: the fault-free result that every distributed run of the same
/// specification must match bit for bit.
/// </summary>
public sealed class ReferenceTrainer
{
    private readonly RunSpec _spec;
    private readonly ImageSet _evaluationSet;
    private readonly IGradientEngine _engine;
    private readonly Evaluator _evaluator;
    private readonly SliceLoader _loader;
    private readonly ReductionTree _tree;
    private readonly float[] _images;
    private readonly byte[] _labels;
    private readonly ulong[] _dropoutKeys;
    private readonly float[] _contribution;

    /// <summary>Prepares a run and its initial weights.</summary>
    /// <param name="spec">A valid specification.</param>
    /// <param name="dataset">The data set of the specification.</param>
    /// <param name="engine">Engine of the specification's network, with room for a slice; not owned.</param>
    /// <exception cref="InvalidInputException">The specification is for another data set.</exception>
    /// <exception cref="ArgumentException">The engine has no room for a slice.</exception>
    public ReferenceTrainer(RunSpec spec, Dataset dataset, IGradientEngine engine)
    {
        RunSpecValidator.ValidateDataset(spec, dataset);
        _spec = spec;
        _evaluationSet = spec.EvaluationSet(dataset);
        _engine = engine;
        _evaluator = new Evaluator(engine);
        Plan = new SlicePlan(spec);
        if (engine.BatchCapacity < Plan.SliceCapacity)
        {
            throw new ArgumentException($"room for {engine.BatchCapacity} samples, a slice has {Plan.SliceCapacity}", nameof(engine));
        }

        _loader = new SliceLoader(spec, Plan, spec.TrainingSet(dataset));
        _tree = new ReductionTree(spec.Slices, engine.Layout.ContributionLength);
        _images = new float[Plan.SliceCapacity * ImageSet.PixelsPerImage];
        _labels = new byte[Plan.SliceCapacity];
        _dropoutKeys = new ulong[Plan.SliceCapacity];
        _contribution = new float[engine.Layout.ContributionLength];
        Store = new ParameterStore(spec, engine.Layout);
        Store.Initialize();
    }

    /// <summary>The plan of the run.</summary>
    public SlicePlan Plan { get; }

    /// <summary>Weights, optimizer state and totals after the steps so far.</summary>
    public ParameterStore Store { get; }

    /// <summary>Computes and applies the next step.</summary>
    /// <param name="cancellationToken">Cancels within the step, which then was not applied.</param>
    public void TrainStep(CancellationToken cancellationToken = default)
    {
        var step = Store.Step;
        _engine.LoadState(Store.State);
        _tree.Reset();
        for (var slice = 0; slice < _spec.Slices; slice++)
        {
            var count = _loader.Load(step, slice, _images, _labels, _dropoutKeys);
            _engine.ComputeContribution(
                _images.AsSpan(0, count * ImageSet.PixelsPerImage),
                _labels.AsSpan(0, count),
                _dropoutKeys.AsSpan(0, count),
                _contribution,
                cancellationToken);
            _tree.Offer(slice, 1, _contribution);
        }

        Store.Apply(_tree.Result, Plan.SamplesInStep(step));
    }

    /// <summary>Runs what is left, to the last epoch or the first that reaches the target accuracy.</summary>
    /// <param name="epochEnded">Called with the totals of every epoch that ends.</param>
    /// <param name="cancellationToken">Cancels the run; the steps applied so far stay.</param>
    public void Run(Action<EpochTotals>? epochEnded = null, CancellationToken cancellationToken = default)
    {
        while (!Store.IsFinished)
        {
            TrainStep(cancellationToken);
            if (Plan.EndsEpoch(Store.Step - 1))
            {
                epochEnded?.Invoke(Store.Epochs[^1]);
                if (_spec.TargetAccuracy is { } target && Evaluate(_evaluationSet, cancellationToken).Accuracy >= target)
                {
                    return;
                }
            }
        }
    }

    /// <summary>Evaluates the state that the run saves (the averaged one where it averages).</summary>
    /// <param name="images">Labelled images.</param>
    /// <param name="cancellationToken">Checked between batches.</param>
    public EvaluationSummary Evaluate(ImageSet images, CancellationToken cancellationToken = default)
    {
        _engine.LoadState(Store.EvaluationState);
        return _evaluator.Evaluate(images, cancellationToken);
    }
}
