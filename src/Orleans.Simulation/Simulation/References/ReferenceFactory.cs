using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Orleans.Simulation;

/// <summary>Makes references through which calls leave from one silo.</summary>
internal sealed class ReferenceFactory(Silo silo) : IClusterClient
{
    // Generated classes do not depend on the silo. Lazy, because two silos that want one at the same time must not both generate it.
    private static readonly ConcurrentDictionary<Type, Lazy<InterfaceModel>> Models = new();

    private readonly ConcurrentDictionary<(GrainType, Type), GrainReferenceShared> _shared = new();
    private readonly ConcurrentDictionary<(Type, string?), GrainReferenceShared> _byInterface = new();

    public Silo Silo => silo;

    public IServiceProvider ServiceProvider => silo.Services;

    public GrainReference Get(GrainId grainId, Type interfaceType) => Create(Shared(grainId.Type, interfaceType), grainId.Key);

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidKey =>
        (TGrainInterface)(object)Get(typeof(TGrainInterface), GrainIdKeyExtensions.CreateGuidKey(primaryKey), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey =>
        (TGrainInterface)(object)Get(typeof(TGrainInterface), GrainIdKeyExtensions.CreateIntegerKey(primaryKey), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(primaryKey);
        return (TGrainInterface)(object)Get(typeof(TGrainInterface), IdSpan.Create(primaryKey), grainClassNamePrefix);
    }

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable =>
        (TGrainInterface)(object)Get(grainId, typeof(TGrainInterface));

    private static GrainReference Create(GrainReferenceShared shared, IdSpan key) => shared.Interface.CreateReference(shared, key);

    private GrainReference Get(Type interfaceType, IdSpan key, string? prefix)
    {
        if (!_byInterface.TryGetValue((interfaceType, prefix), out var shared))
        {
            shared = Shared(GrainManifest.Instance.Resolve(interfaceType, prefix).GrainType, interfaceType);
            _ = _byInterface.TryAdd((interfaceType, prefix), shared);
        }

        return Create(shared, key);
    }

    private GrainReferenceShared Shared(GrainType grainType, Type interfaceType)
    {
        if (!_shared.TryGetValue((grainType, interfaceType), out var shared))
        {
            var model = Models.GetOrAdd(interfaceType, static type => new(() => new InterfaceModel(type))).Value;
            shared = _shared.GetOrAdd((grainType, interfaceType), new GrainReferenceShared(grainType, model, this));
        }

        return shared;
    }
}
