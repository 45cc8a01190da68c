using Orleans.Simulation;

namespace Orleans.Runtime;

/// <summary>Base of all references to grains: objects that implement a grain interface by sending messages.</summary>
[Alias("GrainRef")]
public class GrainReference : IAddressable, IEquatable<GrainReference>, ISpanFormattable
{
    /// <summary>For the generated references.</summary>
    /// <param name="shared">What all references to grains of one interface have in common.</param>
    /// <param name="key">The grain's key.</param>
    protected GrainReference(GrainReferenceShared shared, IdSpan key)
    {
        Shared = shared;
        GrainId = new(shared.GrainType, key);
    }

    /// <summary>The grain's identity.</summary>
    public GrainId GrainId { get; }

    /// <summary>The name of the grain interface.</summary>
    public virtual string InterfaceName => Shared.Interface.InterfaceType.Name;

    internal GrainReferenceShared Shared { get; }

    /// <summary>Whether both refer to the same grain.</summary>
    /// <param name="reference1">One.</param>
    /// <param name="reference2">The other.</param>
    /// <returns>True if they do.</returns>
    public static bool operator ==(GrainReference? reference1, GrainReference? reference2) =>
        reference1?.Equals(reference2) ?? reference2 is null;

    /// <summary>Whether they refer to different grains.</summary>
    /// <param name="reference1">One.</param>
    /// <param name="reference2">The other.</param>
    /// <returns>True if they do.</returns>
    public static bool operator !=(GrainReference? reference1, GrainReference? reference2) => !(reference1 == reference2);

    /// <summary>Makes a reference to the same grain by another interface.</summary>
    /// <typeparam name="TGrainInterface">The interface.</typeparam>
    /// <returns>The reference.</returns>
    public virtual TGrainInterface Cast<TGrainInterface>()
        where TGrainInterface : IAddressable =>
        (TGrainInterface)(object)Shared.References.Get(GrainId, typeof(TGrainInterface));

    /// <inheritdoc/>
    public bool Equals(GrainReference? other) => other is not null && GrainId.Equals(other.GrainId);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as GrainReference);

    /// <inheritdoc/>
    public override int GetHashCode() => GrainId.GetHashCode();

    /// <inheritdoc/>
    public sealed override string ToString() => $"GrainReference:{GrainId}";

    string IFormattable.ToString(string? format, IFormatProvider? formatProvider) => ToString();

    bool ISpanFormattable.TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        destination.TryWrite($"GrainReference:{GrainId}", out charsWritten);
}

/// <summary>What all references to grains of one type by one interface have in common.</summary>
public class GrainReferenceShared
{
    internal GrainReferenceShared(GrainType grainType, InterfaceModel model, ReferenceFactory references)
    {
        GrainType = grainType;
        Interface = model;
        References = references;
    }

    /// <summary>The grain type.</summary>
    public GrainType GrainType { get; }

    internal InterfaceModel Interface { get; }

    internal ReferenceFactory References { get; }
}
