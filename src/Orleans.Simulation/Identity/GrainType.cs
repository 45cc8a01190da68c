namespace Orleans.Runtime;

/// <summary>Names a grain class.</summary>
[GenerateSerializer]
[Immutable]
public readonly struct GrainType : IEquatable<GrainType>, IComparable<GrainType>
{
    /// <summary>Wraps a name.</summary>
    /// <param name="id">The name.</param>
    public GrainType(IdSpan id) => Value = id;

    /// <summary>Whether there is no name.</summary>
    public bool IsDefault => Value.IsDefault;

    /// <summary>The name.</summary>
    public IdSpan Value { get; }

    /// <summary>Whether both name the same grain class.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>True if they are equal.</returns>
    public static bool operator ==(GrainType left, GrainType right) => left.Equals(right);

    /// <summary>Whether they name different grain classes.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>True if they differ.</returns>
    public static bool operator !=(GrainType left, GrainType right) => !left.Equals(right);

    /// <summary>Makes a grain type from its text.</summary>
    /// <param name="value">The text.</param>
    /// <returns>The grain type.</returns>
    public static GrainType Create(string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value);
        return new(IdSpan.Create(value));
    }

    /// <summary>The name's bytes.</summary>
    /// <returns>A view of the bytes.</returns>
    public ReadOnlySpan<byte> AsSpan() => Value.AsSpan();

    /// <inheritdoc/>
    public bool Equals(GrainType obj) => Value.Equals(obj.Value);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is GrainType other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode();

    /// <inheritdoc/>
    public int CompareTo(GrainType other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}
