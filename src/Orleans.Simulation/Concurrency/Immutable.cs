namespace Orleans.Concurrency;

/// <summary>Wraps a value that neither side changes after the call, so that it is handed over by reference.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
[GenerateSerializer]
[Immutable]
public readonly struct Immutable<T>
{
    /// <summary>The value.</summary>
    [Id(0)]
    public readonly T Value;

    /// <summary>Wraps a value.</summary>
    /// <param name="value">The value.</param>
    public Immutable(T value) => Value = value;
}

/// <summary>Shorthand for <see cref="Immutable{T}"/>.</summary>
public static class ImmutableExtensions
{
    /// <summary>Wraps a value that nobody changes any more.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="value">The value.</param>
    /// <returns>The wrapped value.</returns>
    public static Immutable<T> AsImmutable<T>(this T value) => new(value);
}
