using System.Linq.Expressions;
using System.Reflection;
using Orleans.Runtime;

namespace Orleans.Simulation;

/// <summary>A grain interface: its methods, and how to make references to grains by it.</summary>
internal sealed class InterfaceModel
{
    public InterfaceModel(Type interfaceType)
    {
        if (!interfaceType.IsInterface || !typeof(IAddressable).IsAssignableFrom(interfaceType))
        {
            throw new ArgumentException($"{interfaceType} is no grain interface.", nameof(interfaceType));
        }

        InterfaceType = interfaceType;
        MethodInfo[] methods =
        [
            .. interfaceType.GetInterfaces().Prepend(interfaceType)
                .SelectMany(declaring => declaring.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
                .Where(method => method.IsAbstract),
        ];
        bool trusted = interfaceType.Assembly == typeof(InterfaceModel).Assembly;
        Methods = [.. methods.Select(method => new MethodModel(method, trusted))];
        CreateReference = Constructor(ReferenceEmitter.Emit(interfaceType, methods));
    }

    public Type InterfaceType { get; }

    /// <summary>The methods, in the order in which the generated references number them.</summary>
    public IReadOnlyList<MethodModel> Methods { get; }

    public Func<GrainReferenceShared, IdSpan, GrainReference> CreateReference { get; }

    private static Func<GrainReferenceShared, IdSpan, GrainReference> Constructor(Type type)
    {
        var shared = Expression.Parameter(typeof(GrainReferenceShared));
        var key = Expression.Parameter(typeof(IdSpan));
        var constructor = type.GetConstructors().Single();
        return Expression.Lambda<Func<GrainReferenceShared, IdSpan, GrainReference>>(Expression.New(constructor, shared, key), shared, key)
            .Compile();
    }
}
