namespace Orleans;

/// <summary>Marks a type whose serializer Orleans generates. The embedded host reads it to decide what may cross grains.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum)]
public sealed class GenerateSerializerAttribute : Attribute
{
}

/// <summary>Gives a member its number in the wire format.</summary>
[AttributeUsage(
    AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum | AttributeTargets.Method
    | AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class IdAttribute : Attribute
{
    /// <summary>Sets the member's number.</summary>
    /// <param name="id">The number, unique within the type.</param>
    public IdAttribute(uint id) => Id = id;

    /// <summary>The member's number.</summary>
    public uint Id { get; }
}

/// <summary>Promises that a value is never changed, so that a reference may be handed over instead of a copy.</summary>
[AttributeUsage(
    AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Property | AttributeTargets.Field
    | AttributeTargets.Parameter | AttributeTargets.ReturnValue,
    Inherited = false)]
public sealed class ImmutableAttribute : Attribute
{
}

/// <summary>Gives a type or a method a name in the wire format that survives renaming.</summary>
[AttributeUsage(
    AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum | AttributeTargets.Method | AttributeTargets.Interface,
    AllowMultiple = true)]
public sealed class AliasAttribute : Attribute
{
    /// <summary>Sets the name.</summary>
    /// <param name="alias">The name.</param>
    public AliasAttribute(string alias) => Alias = alias;

    /// <summary>The name.</summary>
    public string Alias { get; }
}

/// <summary>Sets how long callers of a method wait for its response.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ResponseTimeoutAttribute : Attribute
{
    /// <summary>Sets the time-out.</summary>
    /// <param name="timeout">A <see cref="TimeSpan"/> in its invariant text form, such as "00:00:05".</param>
    public ResponseTimeoutAttribute(string timeout) => Timeout = TimeSpan.Parse(timeout, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The time-out.</summary>
    public TimeSpan? Timeout { get; init; }
}
