using System.Collections.Concurrent;
using System.Reflection;
using Orleans.Runtime;

namespace Orleans.Simulation;

/// <summary>All grain classes of the process, which all its silos have in common.</summary>
internal sealed class GrainManifest
{
    private readonly ConcurrentDictionary<GrainType, GrainClass> _classes = new();
    private readonly HashSet<Assembly> _scanned = [];
    private readonly Lock _lock = new();

    private GrainManifest()
    {
    }

    public static GrainManifest Instance { get; } = new();

    public GrainClass this[GrainType type]
    {
        get
        {
            if (!_classes.TryGetValue(type, out var found))
            {
                Scan();
            }

            return found ?? _classes.GetValueOrDefault(type) ?? throw new ArgumentException($"There is no grain class named \"{type}\".");
        }
    }

    /// <summary>Finds the class that implements an interface.</summary>
    /// <param name="interfaceType">The interface.</param>
    /// <param name="prefix">How the class's full name begins, where several implement the interface.</param>
    public GrainClass Resolve(Type interfaceType, string? prefix)
    {
        var found = Implementations(interfaceType, prefix);
        if (found.Count == 0)
        {
            Scan();
            found = Implementations(interfaceType, prefix);
        }

        // Orleans' convention: of several classes, Name is the one meant by IName.
        return found.Count == 1 ? found[0]
            : found.Find(grainClass => interfaceType.Name == $"I{grainClass.Type.Name}")
            ?? throw new ArgumentException(
                found.Count == 0
                    ? $"Could not find an implementation for interface {interfaceType}"
                    : $"Unable to identify a single appropriate grain type for interface {interfaceType}. "
                        + $"Candidates: {string.Join(", ", found.Select(grainClass => grainClass.Type))}");
    }

    private List<GrainClass> Implementations(Type interfaceType, string? prefix) =>
    [
        .. _classes.Values
            .Where(grainClass => interfaceType.IsAssignableFrom(grainClass.Type)
                && (prefix is null || grainClass.Type.FullName!.StartsWith(prefix, StringComparison.Ordinal)))
            .OrderBy(grainClass => grainClass.Type.FullName, StringComparer.Ordinal),
    ];

    private void Scan()
    {
        lock (_lock)
        {
            var own = typeof(GrainManifest).Assembly;
            Queue<Assembly> queue = new(AppDomain.CurrentDomain.GetAssemblies().Where(assembly => !assembly.IsDynamic));
            while (queue.TryDequeue(out var assembly))
            {
                var references = assembly.GetReferencedAssemblies();
                bool mayHaveGrains = assembly == own || references.Any(reference => reference.Name == own.GetName().Name);
                if (!mayHaveGrains || !_scanned.Add(assembly))
                {
                    continue;
                }

                AddClasses(assembly);

                // Assemblies load when they are first used, and grain classes are used by nobody but the runtime.
                foreach (var reference in references.Where(reference => !reference.Name!.StartsWith("System", StringComparison.Ordinal)))
                {
                    queue.Enqueue(Assembly.Load(reference));
                }
            }
        }
    }

    private void AddClasses(Assembly assembly)
    {
        foreach (var type in assembly.GetTypes())
        {
            if (!type.IsClass || type.IsAbstract || type.ContainsGenericParameters || !typeof(IGrainBase).IsAssignableFrom(type))
            {
                continue;
            }

            var added = new GrainClass(type);
            if (!_classes.TryAdd(added.GrainType, added))
            {
                throw new OrleansConfigurationException(
                    $"Grain classes {_classes[added.GrainType].Type} and {type} are both named \"{added.GrainType}\"; "
                    + "give one a [GrainType].");
            }
        }
    }
}
