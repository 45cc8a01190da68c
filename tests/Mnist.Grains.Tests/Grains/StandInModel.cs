using Mnist.Grains.Compute;
using Mnist.Learning;
using Mnist.Learning.Data;
using Mnist.Learning.Models;
using Mnist.Learning.Specification;

namespace Mnist.Grains.Tests.Grains;

/// <summary>A network of a few numbers whose contributions depend on every bit of the weights, and whose sums on their order.</summary>
internal sealed class StandInModel : ITrainingModel
{
    public static readonly ModelLayout Layout = new("stand-in",
    [
        new TensorSpec("weight", [10, 20], 0, TensorKind.Parameter, 10),
        new TensorSpec("mean", [5], 200, TensorKind.RunningMean, 0),
        new TensorSpec("variance", [5], 205, TensorKind.RunningVariance, 0),
    ]);

    private readonly EvaluationSamples _samples = new(Images(30), Images(100));

    /// <summary>Called before every contribution: tests make workers slow or break them here.</summary>
    public Action<long, int, CancellationToken> BeforeContribution { get; set; } = (_, _, _) => { };

    public static RunSpec Spec(int epochs = 2, ulong seed = 1) => Recipes.Create(
        "tiny", seed, new string('a', 64), 1030, new RunOverrides { Epochs = epochs, GlobalBatch = 32, ValidationSamples = 30 });

    public string Engine { get; init; } = "stand-in";

    public ModelLayout GetLayout(RunSpec spec) => Layout;

    public EvaluationSamples GetEvaluationSamples(RunSpec spec) => _samples;

    public ISliceComputer CreateComputer(RunSpec spec) => new Computer(this, spec.Seed);

    private static ImageSet Images(int count) =>
        new(new byte[count * ImageSet.PixelsPerImage], Enumerable.Range(0, count).Select(i => (byte)(i % 10)).ToArray());

    private sealed class Computer(StandInModel model, ulong seed) : ISliceComputer
    {
        private readonly float[] _state = new float[Layout.StateLength];

        public void LoadState(ReadOnlySpan<float> state) => state.CopyTo(_state);

        public void ComputeContribution(long step, int slice, Span<float> contribution, CancellationToken cancellationToken)
        {
            model.BeforeContribution(step, slice, cancellationToken);
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
