using System.Runtime.InteropServices;
using Mnist.Grains.Compute;
using Mnist.Grains.Protocol;
using Mnist.Learning.Data;
using Mnist.Learning.Evaluation;
using Mnist.Learning.Specification;
using Mnist.Learning.Training;

namespace Mnist.Simulator.Models;

/// <summary>The weights that a run must have at every step, computed in a plain loop without grains, and so without faults.</summary>
internal sealed class ReferenceTrajectory
{
    private readonly float[][] _states;
    private readonly float[][] _averages;
    private readonly long[] _samples;

    /// <summary>Computes a run.</summary>
    public ReferenceTrajectory(ITrainingModel model, RunSpec spec)
    {
        var layout = model.GetLayout(spec);
        var plan = new SlicePlan(spec);
        var store = new ParameterStore(spec, layout);
        store.Initialize();
        using var computer = model.CreateComputer(spec);
        var tree = new ReductionTree(spec.Slices, layout.ContributionLength);
        var contribution = new float[layout.ContributionLength];
        StepsPerEpoch = plan.StepsPerEpoch;
        _states = new float[plan.TotalSteps + 1][];
        _averages = new float[plan.TotalSteps + 1][];
        _samples = new long[plan.TotalSteps + 1];
        Keep(store);
        var accuracies = new List<double>();
        var losses = new List<float>();
        for (var step = 0L; step < plan.TotalSteps; step++)
        {
            computer.LoadState(store.State);
            tree.Reset();
            for (var slice = 0; slice < spec.Slices; slice++)
            {
                computer.ComputeContribution(step, slice, contribution, CancellationToken.None);
                tree.Offer(slice, 1, contribution);
            }

            var samples = plan.SamplesInStep(step);
            losses.Add(tree.Result[layout.LossIndex] / samples);
            store.Apply(tree.Result, samples);
            Keep(store);
            _samples[step + 1] = _samples[step] + samples;
            if (plan.EndsEpoch(step))
            {
                accuracies.Add(TestAccuracy(model.GetEvaluationSamples(spec), computer, store, spec.Slices));
            }
        }

        (TestAccuracies, StepLosses) = (accuracies, [.. losses]);
    }

    /// <summary>Steps of an epoch.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>Steps of the run.</summary>
    public int TotalSteps => _states.Length - 1;

    /// <summary>Accuracy on the test samples after each epoch.</summary>
    public IReadOnlyList<double> TestAccuracies { get; }

    /// <summary>Mean loss of every step.</summary>
    public IReadOnlyList<float> StepLosses { get; }

    /// <summary>The state vector with which a step is computed; that of <see cref="TotalSteps"/> is the last.</summary>
    public ReadOnlySpan<float> State(long step) => _states[step];

    /// <summary>The state vector that is evaluated after so many steps.</summary>
    public ReadOnlySpan<float> EvaluationState(long step) => _averages[step];

    /// <summary>The final weights as little-endian float32.</summary>
    public ReadOnlySpan<byte> FinalBytes => MemoryMarshal.AsBytes(EvaluationState(TotalSteps));

    /// <summary>Samples applied by so many steps.</summary>
    public long Samples(long step) => _samples[step];

    private void Keep(ParameterStore store)
    {
        _states[store.Step] = store.State.ToArray();
        _averages[store.Step] = store.EvaluationState.ToArray();
    }

    private static double TestAccuracy(EvaluationSamples samples, ISliceComputer computer, ParameterStore store, int slices)
    {
        var probabilities = new float[samples.Count * ImageSet.Classes];
        computer.LoadState(store.EvaluationState);
        for (var slice = 0; slice < slices; slice++)
        {
            var (first, count) = EvaluationSlices.Of(samples.Count, slice, slices);
            var part = probabilities.AsSpan(first * ImageSet.Classes, count * ImageSet.Classes);
            computer.Evaluate(first, count, part, CancellationToken.None);
        }

        var test = probabilities.AsSpan(samples.Validation.Count * ImageSet.Classes);
        return EvaluationSummary.FromProbabilities(test, samples.Test.Labels.Span).Accuracy;
    }
}
