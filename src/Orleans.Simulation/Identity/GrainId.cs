namespace Orleans.Runtime;

/// <summary>Identifies a grain: its type and its key. Written "type/key".</summary>
[GenerateSerializer]
[Immutable]
public readonly struct GrainId : IEquatable<GrainId>, IComparable<GrainId>, ISpanFormattable
{
    /// <summary>Makes an identity.</summary>
    /// <param name="type">The grain's type.</param>
    /// <param name="key">The grain's key.</param>
    public GrainId(GrainType type, IdSpan key)
    {
        Type = type;
        Key = key;
    }

    /// <summary>Whether this identifies nothing.</summary>
    public bool IsDefault => Type.IsDefault && Key.IsDefault;

    /// <summary>The grain's type.</summary>
    public GrainType Type { get; }

    /// <summary>The grain's key.</summary>
    public IdSpan Key { get; }

    /// <summary>Whether both identify the same grain.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>True if they are equal.</returns>
    public static bool operator ==(GrainId left, GrainId right) => left.Equals(right);

    /// <summary>Whether they identify different grains.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>True if they differ.</returns>
    public static bool operator !=(GrainId left, GrainId right) => !left.Equals(right);

    /// <summary>Makes an identity from text.</summary>
    /// <param name="type">The grain's type.</param>
    /// <param name="key">The grain's key.</param>
    /// <returns>The identity.</returns>
    public static GrainId Create(string type, string key) => Create(GrainType.Create(type), key);

    /// <summary>Makes an identity from a type and the text of a key.</summary>
    /// <param name="type">The grain's type.</param>
    /// <param name="key">The grain's key.</param>
    /// <returns>The identity.</returns>
    public static GrainId Create(GrainType type, string key)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        return new(type, IdSpan.Create(key));
    }

    /// <summary>Makes an identity from a type and a key.</summary>
    /// <param name="type">The grain's type.</param>
    /// <param name="key">The grain's key.</param>
    /// <returns>The identity.</returns>
    public static GrainId Create(GrainType type, IdSpan key) => new(type, key);

    /// <summary>Reads the form "type/key".</summary>
    /// <param name="value">The text.</param>
    /// <returns>The identity.</returns>
    /// <exception cref="FormatException">The text has no such form.</exception>
    public static GrainId Parse(string value) =>
        TryParse(value, out var result) ? result : throw new FormatException($"\"{value}\" is no grain identity of the form \"type/key\".");

    /// <summary>Reads the form "type/key".</summary>
    /// <param name="value">The text.</param>
    /// <param name="result">The identity.</param>
    /// <returns>Whether the text has that form.</returns>
    public static bool TryParse(string? value, out GrainId result)
    {
        int slash = value?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (slash <= 0)
        {
            result = default;
            return false;
        }

        result = new(GrainType.Create(value![..slash]), IdSpan.Create(value[(slash + 1)..]));
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(GrainId other) => Key.Equals(other.Key) && Type.Equals(other.Type);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is GrainId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => (Type.GetHashCode() * 31) + Key.GetHashCode();

    /// <inheritdoc/>
    public int CompareTo(GrainId other) => Type.CompareTo(other.Type) is var byType and not 0 ? byType : Key.CompareTo(other.Key);

    /// <inheritdoc/>
    public override string ToString() => $"{Type}/{Key}";

    string IFormattable.ToString(string? format, IFormatProvider? formatProvider) => ToString();

    bool ISpanFormattable.TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        destination.TryWrite($"{Type}/{Key}", out charsWritten);
}
