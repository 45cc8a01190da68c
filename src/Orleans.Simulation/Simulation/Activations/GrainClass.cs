using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Runtime;

namespace Orleans.Simulation;

/// <summary>A grain class: its name, what its attributes say, and how to construct it.</summary>
internal sealed class GrainClass
{
    private readonly Lazy<Func<Activation, object>> _construct;

    public GrainClass(Type type)
    {
        Type = type;
        GrainType = GrainType.Create(type.GetCustomAttribute<GrainTypeAttribute>()?.Name ?? ConventionalName(type));
        Reentrant = type.IsDefined(typeof(ReentrantAttribute));
        KeepAlive = type.IsDefined(typeof(KeepAliveAttribute));
        Placement = type.GetCustomAttribute<PlacementAttribute>()?.PlacementStrategy ?? new RandomPlacement();
        _construct = new(() => Constructor(type));
    }

    public Type Type { get; }

    public GrainType GrainType { get; }

    public bool Reentrant { get; }

    /// <summary>Never collected as idle.</summary>
    public bool KeepAlive { get; }

    public PlacementStrategy Placement { get; }

    /// <summary>Constructs the grain, whose persistent state subscribes to the activation's life.</summary>
    public object Construct(Activation activation) => _construct.Value(activation);

    private static Func<Activation, object> Constructor(Type type)
    {
        ParameterInfo[] facets = [.. Parameters(type).Where(parameter => parameter.IsDefined(typeof(PersistentStateAttribute)))];
        var construct = ActivatorUtilities.CreateFactory(type, [.. facets.Select(parameter => parameter.ParameterType)]);
        return activation => construct(
            activation.ActivationServices, [.. facets.Select(parameter => PersistentState.Create(activation, parameter))]);
    }

    // Orleans' convention: the class's name in lower case, without "grain" at its end.
    private static string ConventionalName(Type type)
    {
        const string Suffix = "grain";
#pragma warning disable CA1308 // The convention is lower case.
        string name = type.Name.ToLowerInvariant();
#pragma warning restore CA1308
        return name.Length > Suffix.Length && name.EndsWith(Suffix, StringComparison.Ordinal) ? name[..^Suffix.Length] : name;
    }

    private static ParameterInfo[] Parameters(Type type)
    {
        var constructors = type.GetConstructors();
        var chosen = Array.Find(constructors, constructor => constructor.IsDefined(typeof(ActivatorUtilitiesConstructorAttribute)))
            ?? constructors.MaxBy(constructor => constructor.GetParameters().Length);
        return chosen?.GetParameters()
            ?? throw new OrleansConfigurationException($"Grain class {type} has no public constructor.");
    }
}
