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
    private readonly IGradientEngineFactory _engines;
    private readonly Lock _lock = new();
    private (RunSpec Spec, SlicePlan Plan)? _newestPlan;

    /// <summary>Creates the model, with the engine that gives the same bits everywhere.</summary>
    /// <param name="dataset">The data set that runs in this process train on.</param>
    public TrainingModel(Dataset dataset)
        : this(dataset, new SimdGradientEngineFactory())
    {
    }

    /// <summary>Creates the model.</summary>
    /// <param name="dataset">The data set that runs in this process train on.</param>
    /// <param name="engines">What computes their gradients.</param>
    public TrainingModel(Dataset dataset, IGradientEngineFactory engines) => (_dataset, _engines) = (dataset, engines);

    /// <inheritdoc/>
    public string Engine => _engines.Name;

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
        var engine = _engines.Create(Networks.Create(spec.Network), plan.SliceCapacity);
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
