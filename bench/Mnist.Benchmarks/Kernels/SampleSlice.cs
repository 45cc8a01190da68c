using Mnist.Learning.Data;
using Mnist.Learning.Specification;
using Mnist.Learning.Training;

namespace Mnist.Benchmarks.Kernels;

/// <summary>A slice as a worker loads it.</summary>
/// <param name="Images">(n, 28, 28), normalized pixels.</param>
/// <param name="Labels">(n), classes.</param>
/// <param name="DropoutKeys">(n), keys.</param>
internal sealed record SampleSlice(float[] Images, byte[] Labels, ulong[] DropoutKeys)
{
    /// <summary>Loads the first slice of a run.</summary>
    /// <param name="spec">The run.</param>
    /// <param name="dataset">Its data set.</param>
    public static SampleSlice First(RunSpec spec, Dataset dataset)
    {
        var plan = new SlicePlan(spec);
        var slice = new SampleSlice(
            new float[plan.SliceCapacity * ImageSet.PixelsPerImage], new byte[plan.SliceCapacity], new ulong[plan.SliceCapacity]);
        _ = new SliceLoader(spec, plan, spec.TrainingSet(dataset)).Load(0, 0, slice.Images, slice.Labels, slice.DropoutKeys);
        return slice;
    }
}
