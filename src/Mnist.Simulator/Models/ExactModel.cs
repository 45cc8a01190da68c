using Mnist.Grains.Compute;
using Mnist.Learning;
using Mnist.Learning.Data;
using Mnist.Learning.Models;
using Mnist.Learning.Specification;

namespace Mnist.Simulator.Models;

/// <summary>
/// A stand-in for a network: a few hundred numbers whose gradients depend on every bit of the weights, and whose sums on their order,
/// so that the slightest departure from the protocol shows in the weights, and the protocol gets the time.
/// </summary>
public sealed class ExactModel : ITrainingModel
{
    /// <summary>Validation samples.</summary>
    public const int ValidationSamples = 30;

    private const int TestSamples = 50;

    private static readonly EvaluationSamples Samples = new(Images(ValidationSamples), Images(TestSamples));

    /// <summary>Layout of the stand-in's weights.</summary>
    public static ModelLayout Layout { get; } = new("exact",
    [
        new TensorSpec("weight", [10, 20], 0, TensorKind.Parameter, 10),
        new TensorSpec("mean", [5], 200, TensorKind.RunningMean, 0),
        new TensorSpec("variance", [5], 205, TensorKind.RunningVariance, 0),
    ]);

    /// <inheritdoc/>
    public string Engine => "exact";

    /// <inheritdoc/>
    public ModelLayout GetLayout(RunSpec spec) => Layout;

    /// <inheritdoc/>
    public EvaluationSamples GetEvaluationSamples(RunSpec spec) => Samples;

    /// <inheritdoc/>
    public ISliceComputer CreateComputer(RunSpec spec) => new Computer(spec.Seed);

    private static ImageSet Images(int count) =>
        new(new byte[count * ImageSet.PixelsPerImage], Enumerable.Range(0, count).Select(i => (byte)(i % 10)).ToArray());

    private sealed class Computer(ulong seed) : ISliceComputer
    {
        private readonly float[] _state = new float[Layout.StateLength];

        public void LoadState(ReadOnlySpan<float> state) => state.CopyTo(_state);

        public void ComputeContribution(long step, int slice, Span<float> contribution, CancellationToken cancellationToken)
        {
            var random = new KeyedRandom(KeyedRandom.Key(seed, (ulong)step, (ulong)slice));
            for (var i = 0; i < contribution.Length; i++)
            {
                contribution[i] = (random.NextSingle() - 0.5f) + (i < _state.Length ? _state[i] * 0.37f : 1);
            }
        }

        public void Evaluate(int first, int count, Span<float> probabilities, CancellationToken cancellationToken)
        {
            for (var i = 0; i < probabilities.Length; i++)
            {
                probabilities[i] = BitConverter.SingleToUInt32Bits(_state[((first * 10) + i) % _state.Length]) % 97 / 97f;
            }
        }

        public void Dispose()
        {
        }
    }
}
