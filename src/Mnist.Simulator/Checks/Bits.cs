using System.Runtime.InteropServices;

namespace Mnist.Simulator.Checks;

/// <summary>Compares vectors to the bit.</summary>
internal static class Bits
{
    /// <summary>True when all bits are equal.</summary>
    public static bool Equal(ReadOnlySpan<float> one, ReadOnlySpan<float> other) =>
        MemoryMarshal.AsBytes(one).SequenceEqual(MemoryMarshal.AsBytes(other));

    /// <summary>The first element that differs, for people.</summary>
    public static string Difference(ReadOnlySpan<float> found, ReadOnlySpan<float> expected)
    {
        if (found.Length != expected.Length)
        {
            return $"{found.Length} elements, expected {expected.Length}";
        }

        for (var i = 0; i < found.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(found[i]) != BitConverter.SingleToInt32Bits(expected[i]))
            {
                return FormattableString.Invariant($"element {i} is {found[i]:R}, expected {expected[i]:R}");
            }
        }

        return "no difference";
    }
}
