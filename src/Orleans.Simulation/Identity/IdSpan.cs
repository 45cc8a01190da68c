using System.Text;

namespace Orleans.Runtime;

/// <summary>A short UTF-8 identifier: the type or the key of a grain.</summary>
[GenerateSerializer]
[Immutable]
public readonly struct IdSpan : IEquatable<IdSpan>, IComparable<IdSpan>
{
    private readonly byte[]? _value;
    private readonly int _hashCode;

    /// <summary>Wraps bytes, which must not change afterwards.</summary>
    /// <param name="value">The bytes.</param>
    public IdSpan(byte[] value)
    {
        _value = value;
        _hashCode = Simulation.StableHashing.Hash(value);
    }

    /// <summary>Whether there is no identifier.</summary>
    public bool IsDefault => _value is null;

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Value => _value;

    /// <summary>Whether both are the same bytes.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>True if they are equal.</returns>
    public static bool operator ==(IdSpan left, IdSpan right) => left.Equals(right);

    /// <summary>Whether the bytes differ.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>True if they differ.</returns>
    public static bool operator !=(IdSpan left, IdSpan right) => !left.Equals(right);

    /// <summary>Encodes text.</summary>
    /// <param name="id">The text.</param>
    /// <returns>Its UTF-8 bytes.</returns>
    public static IdSpan Create(string id) => new(Encoding.UTF8.GetBytes(id));

    /// <summary>The bytes.</summary>
    /// <returns>A view of the bytes.</returns>
    public ReadOnlySpan<byte> AsSpan() => _value;

    /// <inheritdoc/>
    public bool Equals(IdSpan obj) =>
        ReferenceEquals(_value, obj._value) || (_hashCode == obj._hashCode && AsSpan().SequenceEqual(obj.AsSpan()));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is IdSpan other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _hashCode;

    /// <inheritdoc/>
    public int CompareTo(IdSpan other) => AsSpan().SequenceCompareTo(other.AsSpan());

    /// <inheritdoc/>
    public override string ToString() => Encoding.UTF8.GetString(AsSpan());
}
