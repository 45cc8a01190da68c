using Mnist.Learning.Training;

namespace Mnist.Simulator.Planted;

/// <summary>Takes the place of the reduction tree of a server, and has bugs.</summary>
internal sealed class PlantedTree(int slices, int length)
{
    private readonly ReductionTree _tree = new(slices, length);
    private readonly float[] _arrived = new float[length];
    private readonly float[] _twice = new float[length];

    public ReadOnlySpan<float> Result
    {
        get
        {
            if (Planted.IsOn(Bug.SumInArrivalOrder))
            {
                return _arrived;
            }

            for (var slice = 0; Planted.IsOn(Bug.ApplyEarly) && slice < slices; slice++)
            {
                _ = _tree.Offer(slice, 1, new float[length]);
            }

            return Planted.IsOn(Bug.DropTheDeduplication) ? Sum(_tree.Result, _twice) : _tree.Result;
        }
    }

    public bool IsNode(int firstSlice, int sliceCount) => _tree.IsNode(firstSlice, sliceCount);

    public OfferResult Offer(int firstSlice, int sliceCount, ReadOnlySpan<float> sums)
    {
        var result = _tree.Offer(firstSlice, sliceCount, sums);
        if (result == OfferResult.Accepted)
        {
            Sum(_arrived, sums).CopyTo(_arrived, 0);
        }
        else if (result == OfferResult.Duplicate)
        {
            Sum(_twice, sums).CopyTo(_twice, 0);
        }

        return result;
    }

    public void Reset()
    {
        _tree.Reset();
        Array.Clear(_arrived);
        Array.Clear(_twice);
    }

    private static float[] Sum(ReadOnlySpan<float> one, ReadOnlySpan<float> other)
    {
        var sum = new float[one.Length];
        for (var i = 0; i < sum.Length; i++)
        {
            sum[i] = one[i] + other[i];
        }

        return sum;
    }
}
