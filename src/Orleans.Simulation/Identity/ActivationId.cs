namespace Orleans.Runtime;

/// <summary>Identifies one activation of a grain.</summary>
[GenerateSerializer]
[Immutable]
public readonly struct ActivationId : IEquatable<ActivationId>
{
    private readonly Guid _key;

    /// <summary>Wraps a GUID.</summary>
    /// <param name="key">The GUID.</param>
    public ActivationId(Guid key) => _key = key;

    /// <summary>Whether this identifies nothing.</summary>
    public bool IsDefault => _key == Guid.Empty;

    /// <summary>Whether both identify the same activation.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>True if they are equal.</returns>
    public static bool operator ==(ActivationId left, ActivationId right) => left.Equals(right);

    /// <summary>Whether they identify different activations.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>True if they differ.</returns>
    public static bool operator !=(ActivationId left, ActivationId right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(ActivationId other) => _key.Equals(other._key);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ActivationId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _key.GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => $"@{_key:N}";
}
