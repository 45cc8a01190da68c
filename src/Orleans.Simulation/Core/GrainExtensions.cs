using Orleans.Runtime;

namespace Orleans;

/// <summary>What can be asked of a grain or of a reference to one.</summary>
public static class GrainExtensions
{
    /// <summary>Makes a reference that can be handed to other grains.</summary>
    /// <typeparam name="TGrainInterface">The grain interface.</typeparam>
    /// <param name="grain">A grain or a reference.</param>
    /// <returns>The reference.</returns>
    public static TGrainInterface AsReference<TGrainInterface>(this IAddressable grain)
    {
        ArgumentNullException.ThrowIfNull(grain);
        if (grain is TGrainInterface reference and GrainReference)
        {
            return reference;
        }

        var from = grain as GrainReference ?? Context(grain).GrainReference;
        return (TGrainInterface)(object)from.Shared.References.Get(from.GrainId, typeof(TGrainInterface));
    }

    /// <inheritdoc cref="AsReference{TGrainInterface}(IAddressable)"/>
    public static TGrainInterface Cast<TGrainInterface>(this IAddressable grain) => grain.AsReference<TGrainInterface>();

    /// <summary>The identity of a grain.</summary>
    /// <param name="grain">A grain or a reference.</param>
    /// <returns>The identity.</returns>
    public static GrainId GetGrainId(this IAddressable grain) =>
        grain is GrainReference reference ? reference.GrainId : Context(grain).GrainId;

    /// <summary>The key of a grain with a string key.</summary>
    /// <param name="grain">A grain or a reference.</param>
    /// <returns>The key.</returns>
    public static string GetPrimaryKeyString(this IAddressable grain) => GetGrainId(grain).Key.ToString();

    /// <summary>The key of a grain with an integer key.</summary>
    /// <param name="grain">A grain or a reference.</param>
    /// <returns>The key.</returns>
    /// <exception cref="InvalidOperationException">The key is no integer.</exception>
    public static long GetPrimaryKeyLong(this IAddressable grain) =>
        GrainIdKeyExtensions.TryGetIntegerKey(GetGrainId(grain), out long key)
            ? key
            : throw new InvalidOperationException($"Unable to extract integer key from grain id {GetGrainId(grain)}");

    /// <summary>The key of a grain with a GUID key.</summary>
    /// <param name="grain">A grain or a reference.</param>
    /// <returns>The key.</returns>
    /// <exception cref="InvalidOperationException">The key is no GUID.</exception>
    public static Guid GetPrimaryKey(this IAddressable grain) =>
        GrainIdKeyExtensions.TryGetGuidKey(GetGrainId(grain), out var key)
            ? key
            : throw new InvalidOperationException($"Unable to extract GUID key from grain id {GetGrainId(grain)}");

    private static IGrainContext Context(IAddressable grain) =>
        (grain as IGrainBase)?.GrainContext
        ?? throw new ArgumentException(
            $"{grain.GetType().FullName} is neither a grain reference nor a grain that the runtime activated.", nameof(grain));
}
