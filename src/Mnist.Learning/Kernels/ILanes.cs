namespace Mnist.Learning.Kernels;

/// <summary>
/// A row of 8 or 16 floats that is computed on at once, in one or several hardware registers. Kernels are written once over
/// this interface and the JIT compiles them anew for every implementation. All operations act on each lane by itself and
/// round as IEEE 754 says, so the implementations cannot differ.
/// </summary>
/// <typeparam name="T">The implementation itself.</typeparam>
internal unsafe interface ILanes<T>
    where T : struct, ILanes<T>
{
    /// <summary>Number of lanes.</summary>
    static abstract int Count { get; }

    /// <summary>How many accumulators of this type stay in registers beside the operands of a product.</summary>
    static abstract int MaxAccumulators { get; }

    /// <summary>+0 in every lane.</summary>
    static abstract T Zero { get; }

    /// <summary>Reads <see cref="Count"/> floats, aligned or not.</summary>
    static abstract T Load(float* source);

    /// <summary>The same value in every lane.</summary>
    static abstract T Broadcast(float value);

    /// <summary>Writes <see cref="Count"/> floats, aligned or not.</summary>
    static abstract void Store(T value, float* destination);

    /// <summary>a + b.</summary>
    static abstract T Add(T a, T b);

    /// <summary>a − b.</summary>
    static abstract T Subtract(T a, T b);

    /// <summary>a · b.</summary>
    static abstract T Multiply(T a, T b);

    /// <summary>a · b + c, rounded once.</summary>
    static abstract T MultiplyAdd(T a, T b, T c);

    /// <summary>sum = a · b + sum, rounded once. The JIT compiles it to one instruction that overwrites the sum.</summary>
    static abstract void Accumulate(ref T sum, T a, T b);

    /// <summary>As the other one, with a in memory.</summary>
    static abstract void Accumulate(ref T sum, float* a, T b);

    /// <summary>a &gt; b ? yes : no; a NaN is not greater than anything.</summary>
    static abstract T SelectIfGreater(T a, T b, T yes, T no);
}
