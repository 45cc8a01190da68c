namespace Orleans;

/// <summary>Names a grain class, so that the class may be renamed without its grains losing their identity.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public sealed class GrainTypeAttribute : Attribute
{
    /// <summary>Sets the name.</summary>
    /// <param name="grainType">The name.</param>
    public GrainTypeAttribute(string grainType) => Name = grainType;

    internal string Name { get; }
}

/// <summary>Keeps activations of a grain class from being collected while idle.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public class KeepAliveAttribute : Attribute
{
}
