using Orleans.Runtime;

namespace Orleans.Placement;

/// <summary>Base of the attributes that say on which silo a grain is activated.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public abstract class PlacementAttribute : Attribute
{
    /// <summary>Sets the strategy.</summary>
    /// <param name="placement">The strategy.</param>
    protected PlacementAttribute(PlacementStrategy placement) => PlacementStrategy = placement;

    /// <summary>The strategy.</summary>
    public PlacementStrategy PlacementStrategy { get; }
}

/// <summary>Activates the grain on any silo.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public sealed class RandomPlacementAttribute : PlacementAttribute
{
    /// <summary>Sets the strategy.</summary>
    public RandomPlacementAttribute()
        : base(new RandomPlacement())
    {
    }
}

/// <summary>Activates the grain on the caller's silo where that is possible.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public sealed class PreferLocalPlacementAttribute : PlacementAttribute
{
    /// <summary>Sets the strategy.</summary>
    public PreferLocalPlacementAttribute()
        : base(new PreferLocalPlacement())
    {
    }
}

/// <summary>Activates the grain on a silo with few activations.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public sealed class ActivationCountBasedPlacementAttribute : PlacementAttribute
{
    /// <summary>Sets the strategy.</summary>
    public ActivationCountBasedPlacementAttribute()
        : base(new ActivationCountBasedPlacement())
    {
    }
}

/// <summary>Activates the grain on the silo that a hash of its identity selects.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public sealed class HashBasedPlacementAttribute : PlacementAttribute
{
    /// <summary>Sets the strategy.</summary>
    public HashBasedPlacementAttribute()
        : base(new HashBasedPlacement())
    {
    }
}
