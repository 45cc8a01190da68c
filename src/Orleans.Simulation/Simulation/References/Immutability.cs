using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Net;
using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Orleans.Runtime;

namespace Orleans.Simulation;

/// <summary>
/// Tells which types may cross grains by reference. Orleans copies what is not immutable; here nothing is copied, so that whatever
/// is not known to be immutable is refused: code that works here shares nothing there either.
/// </summary>
internal static class Immutability
{
    private static readonly FrozenSet<Type> Leaves = new[]
    {
        typeof(string), typeof(decimal), typeof(Guid), typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly),
        typeof(TimeSpan), typeof(Uri), typeof(Version), typeof(Half), typeof(Int128), typeof(UInt128), typeof(BigInteger),
        typeof(IPAddress), typeof(CancellationToken),
    }.ToFrozenSet();

    private static readonly FrozenSet<Type> Containers = new[]
    {
        typeof(Nullable<>), typeof(KeyValuePair<,>), typeof(Tuple<>), typeof(Tuple<,>), typeof(Tuple<,,>), typeof(Tuple<,,,>),
        typeof(ImmutableArray<>), typeof(ImmutableList<>), typeof(ImmutableDictionary<,>), typeof(ImmutableHashSet<>),
        typeof(ImmutableSortedDictionary<,>), typeof(ImmutableSortedSet<>), typeof(ImmutableQueue<>), typeof(ImmutableStack<>),
    }.ToFrozenSet();

    private static readonly ConcurrentDictionary<Type, string?> Objections = new();

    /// <summary>Why a type may not cross grains, as a sentence; null if it may.</summary>
    public static string? Objection(Type type) => Objections.GetOrAdd(type, static type => Find(type, []));

    private static string? Find(Type type, HashSet<Type> visiting)
    {
        if (type.IsPrimitive
            || type.IsEnum
            || Leaves.Contains(type)
            || type.IsDefined(typeof(ImmutableAttribute), inherit: false)
            || typeof(IAddressable).IsAssignableFrom(type)
            || typeof(Exception).IsAssignableFrom(type)
            || !visiting.Add(type))
        {
            return null;
        }

        if (type.IsGenericType && (IsContainer(type.GetGenericTypeDefinition()) || typeof(ITuple).IsAssignableFrom(type)))
        {
            return type.GetGenericArguments().Select(argument => Find(argument, visiting)).FirstOrDefault(found => found is not null);
        }

        return type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false) && !type.IsAbstract
            ? FindInMembers(type, visiting)
            : $"{type} is not known to be immutable.";
    }

    private static bool IsContainer(Type definition) =>
        Containers.Contains(definition)
        || (definition.Namespace == typeof(FrozenSet<>).Namespace && definition.Name.StartsWith("Frozen", StringComparison.Ordinal));

    private static string? FindInMembers(Type type, HashSet<Type> visiting)
    {
        for (var level = type; level is not null && level != typeof(object) && level != typeof(ValueType); level = level.BaseType)
        {
            const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
            foreach (var field in level.GetFields(Own))
            {
                if (field.IsDefined(typeof(ImmutableAttribute)) || Property(level, field)?.IsDefined(typeof(ImmutableAttribute)) == true)
                {
                    continue;
                }

                // A struct is copied as a whole when it is boxed for the call; only what it refers to is shared.
                if (!field.IsInitOnly && !type.IsValueType)
                {
                    return $"{type} has {Property(level, field)?.Name ?? field.Name}, which can be set.";
                }

                if (Find(field.FieldType, visiting) is { } objection)
                {
                    return $"{type} has {Property(level, field)?.Name ?? field.Name}, but {objection}";
                }
            }
        }

        return null;
    }

    // An automatic property's field is named <Property>k__BackingField.
    private static PropertyInfo? Property(Type type, FieldInfo field) =>
        field.Name[0] == '<' && field.Name.IndexOf('>', StringComparison.Ordinal) is > 1 and var end
            ? type.GetProperty(field.Name[1..end], BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            : null;
}
