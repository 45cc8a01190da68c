using Orleans.Runtime;

namespace Orleans;

/// <summary>Makes references to grains. Making one neither calls nor activates the grain.</summary>
public interface IGrainFactory
{
    /// <summary>Makes a reference to the grain with a GUID as its key.</summary>
    /// <typeparam name="TGrainInterface">The grain interface.</typeparam>
    /// <param name="primaryKey">The key.</param>
    /// <param name="grainClassNamePrefix">How the full name of the grain class begins, where several implement the interface.</param>
    /// <returns>The reference.</returns>
    TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidKey;

    /// <summary>Makes a reference to the grain with an integer as its key.</summary>
    /// <typeparam name="TGrainInterface">The grain interface.</typeparam>
    /// <param name="primaryKey">The key.</param>
    /// <param name="grainClassNamePrefix">How the full name of the grain class begins, where several implement the interface.</param>
    /// <returns>The reference.</returns>
    TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey;

    /// <summary>Makes a reference to the grain with a string as its key.</summary>
    /// <typeparam name="TGrainInterface">The grain interface.</typeparam>
    /// <param name="primaryKey">The key.</param>
    /// <param name="grainClassNamePrefix">How the full name of the grain class begins, where several implement the interface.</param>
    /// <returns>The reference.</returns>
    TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey;

    /// <summary>Makes a reference to the grain with an identity.</summary>
    /// <typeparam name="TGrainInterface">The grain interface.</typeparam>
    /// <param name="grainId">The identity.</param>
    /// <returns>The reference.</returns>
    TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable;
}

/// <summary>What a program outside the grains uses to call them.</summary>
public interface IClusterClient : IGrainFactory
{
    /// <summary>The host's services.</summary>
    IServiceProvider ServiceProvider { get; }
}
