using Mnist.Grains.Compute;
using Mnist.Grains.Wire;
using Mnist.Learning.Data;
using Mnist.Learning.Models;
using Mnist.Learning.Specification;

namespace Mnist.Simulator.Planning;

/// <summary>
/// Stands for a network of any size: the grains handle vectors of a few numbers, and what the real ones would cost is added as virtual
/// time and bytes.
/// </summary>
/// <param name="partitions">Parameter servers that share the vector.</param>
internal sealed class PlanningModel(int partitions) : ITrainingModel
{
    // The smallest part of a vector that a partition can hold, in elements.
    private const int ElementsPerPartition = 16;

    private static readonly EvaluationSamples Samples = new(Images(0), Images(1));

    private readonly ModelLayout _layout = Layout(partitions);

    /// <summary>Length of the vector that the grains handle.</summary>
    public static int ContributionLength(int partitions) => Layout(partitions).ContributionLength;

    /// <summary>What an intact frame says of itself.</summary>
    public static FrameHeader Header(byte[] bytes) =>
        Frame.TryRead(bytes, out var frame, out var reason) ? frame!.Header : throw new InvalidOperationException($"frame {reason}");

    /// <summary>
    /// The specification that the grains work with: as many slices, of one sample each, and an epoch that is longer than the plan.
    /// </summary>
    public static RunSpec Shrink(RunSpec spec, int steps) => spec with
    {
        GlobalBatch = spec.Slices,
        TrainingSamples = spec.Slices * (steps + 1),
        ValidationSamples = 0,
        Epochs = 1,
        TargetAccuracy = null,
    };

    public string Engine => "planned";

    public ModelLayout GetLayout(RunSpec spec) => _layout;

    public EvaluationSamples GetEvaluationSamples(RunSpec spec) => Samples;

    public ISliceComputer CreateComputer(RunSpec spec) => new Computer();

    private static ModelLayout Layout(int partitions) =>
        new("plan", [new TensorSpec("weight", [partitions * ElementsPerPartition], 0, TensorKind.Parameter, 1)]);

    private static ImageSet Images(int count) => new(new byte[count * ImageSet.PixelsPerImage], new byte[count]);

    private sealed class Computer : ISliceComputer
    {
        public void LoadState(ReadOnlySpan<float> state)
        {
        }

        public void ComputeContribution(long step, int slice, Span<float> contribution, CancellationToken cancellationToken) =>
            contribution.Clear();

        public void Evaluate(int first, int count, Span<float> probabilities, CancellationToken cancellationToken) =>
            probabilities.Clear();

        public void Dispose()
        {
        }
    }
}
