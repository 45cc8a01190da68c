using Mnist.Learning.Data;
using Mnist.Learning.Engines;
using Mnist.Learning.Models;
using Mnist.Learning.Specification;
using Mnist.Learning.Training;

namespace Mnist.Grains.Compute;

/// <summary>The networks and the data set of this process.</summary>
public sealed class TrainingModel : ITrainingModel
{
    private readonly Dataset _dataset;
    private readonly Lock _lock = new();
    private (RunSpec Spec, SlicePlan Plan)? _newestPlan;

    /// <summary>Creates the model.</summary>
    /// <param name="dataset">The data set that runs in this process train on.</param>
    public TrainingModel(Dataset dataset) => _dataset = dataset;

    /// <inheritdoc/>
    public ModelLayout GetLayout(RunSpec spec) => Networks.Create(spec.Network).Layout;

    /// <inheritdoc/>
    public EvaluationSamples GetEvaluationSamples(RunSpec spec)
    {
        RunSpecValidator.ValidateDataset(spec, _dataset);
        return new EvaluationSamples(spec.ValidationSet(_dataset), _dataset.Test);
    }

    /// <inheritdoc/>
    public ISliceComputer CreateComputer(RunSpec spec)
    {
        var evaluation = GetEvaluationSamples(spec);
        var plan = SharedPlan(spec);
        var engine = new SimdGradientEngine(Networks.Create(spec.Network), plan.SliceCapacity);
        return new SliceComputer(engine, new SliceLoader(spec, plan, spec.TrainingSet(_dataset)), evaluation);
    }

    private SlicePlan SharedPlan(RunSpec spec)
    {
        // The workers of a run share a plan, since it keeps the order of an epoch's samples in memory.
        lock (_lock)
        {
            if (_newestPlan is not { } newest || newest.Spec != spec)
            {
                newest = (spec, new SlicePlan(spec));
                _newestPlan = newest;
            }

            return newest.Plan;
        }
    }
}
