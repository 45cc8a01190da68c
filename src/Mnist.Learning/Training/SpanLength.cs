namespace Mnist.Learning.Training;

/// <summary>Guards of the loops that index several spans without bounds checks.</summary>
internal static class SpanLength
{
    /// <summary>Fails unless all lengths are the same.</summary>
    public static void CheckEqual(int length, params ReadOnlySpan<int> others)
    {
        foreach (var other in others)
        {
            if (other != length)
            {
                throw new ArgumentException($"spans have {length} and {other} elements, expected the same number");
            }
        }
    }
}
