using Mnist.Grains.Compute;
using Mnist.Learning.Specification;
using Mnist.Simulator.Checks;

namespace Mnist.Simulator.Models;

/// <summary>
/// A model that looks at what it is given: whatever a worker computes, it has to compute with the weights of that very step, to the
/// bit.
/// </summary>
internal sealed class CheckedModel(ITrainingModel model, ReferenceTrajectory reference, ViolationLog violations) : ITrainingModel
{
    public string Engine => model.Engine;

    public Mnist.Learning.Models.ModelLayout GetLayout(RunSpec spec) => model.GetLayout(spec);

    public EvaluationSamples GetEvaluationSamples(RunSpec spec) => model.GetEvaluationSamples(spec);

    public ISliceComputer CreateComputer(RunSpec spec) => new Computer(model.CreateComputer(spec), reference, violations);

    private sealed class Computer(ISliceComputer computer, ReferenceTrajectory reference, ViolationLog violations) : ISliceComputer
    {
        private float[] _state = [];

        public void LoadState(ReadOnlySpan<float> state)
        {
            _state = state.ToArray();
            computer.LoadState(state);
        }

        public void ComputeContribution(long step, int slice, Span<float> contribution, CancellationToken cancellationToken)
        {
            if (!Bits.Equal(_state, reference.State(step)))
            {
                violations.Add(
                    Invariants.Staleness,
                    $"slice {slice} of step {step} is computed with other weights than those of step {step}: "
                    + Bits.Difference(_state, reference.State(step)));
            }

            computer.ComputeContribution(step, slice, contribution, cancellationToken);
        }

        public void Evaluate(int first, int count, Span<float> probabilities, CancellationToken cancellationToken) =>
            computer.Evaluate(first, count, probabilities, cancellationToken);

        public void Dispose() => computer.Dispose();
    }
}
