using Mnist.Learning.Models;

namespace Mnist.Learning.Tests;

/// <summary>Equality of floats to the bit, where <c>Assert.Equal</c> takes 0 for −0 and every NaN for every other.</summary>
internal static class BitAssert
{
    public static void Equal(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(expected[i]) != BitConverter.SingleToInt32Bits(actual[i]))
            {
                Assert.Fail($"{what}: element {i} is {actual[i]:R}, expected {expected[i]:R} to the bit");
            }
        }
    }

    public static void Equal(ModelLayout layout, float[] expected, float[] actual, string what)
    {
        foreach (var tensor in layout.Tensors)
        {
            Equal(expected.AsSpan(tensor.Offset, tensor.Length), actual.AsSpan(tensor.Offset, tensor.Length), $"{what} {tensor.Name}");
        }

        Equal(expected.AsSpan(layout.LossIndex), actual.AsSpan(layout.LossIndex), $"{what} loss, correct");
    }
}
