using System.Reflection;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Orleans.Simulation;

/// <summary>All that a call needs to know about a method of a grain interface.</summary>
internal sealed class MethodModel
{
    private readonly MethodInvoker _invoker;
    private readonly string _name;
    private readonly string? _refusal;

    // By parameter: whether the value's own type must be looked at, because the declared type may stand for a mutable one.
    private readonly bool[] _checkValue;

    public MethodModel(MethodInfo method, bool trusted)
    {
        _name = $"{method.DeclaringType!.Name}.{method.Name}";
        Shape = ReturnShape.Of(method.ReturnType)
            ?? throw new NotSupportedException(
                $"{_name} returns {method.ReturnType}; "
                + "a grain method returns Task, ValueTask, Task<T>, ValueTask<T> or IAsyncEnumerable<T>.");
        if (method.IsGenericMethodDefinition)
        {
            throw new NotSupportedException($"{_name} is generic, which the embedded host does not support.");
        }

        _invoker = MethodInvoker.Create(method);
        IsEnumeration = method.DeclaringType == typeof(IEnumerations);
        OneWay = method.IsDefined(typeof(OneWayAttribute));
        AlwaysInterleave = method.IsDefined(typeof(AlwaysInterleaveAttribute));
        ReadOnly = method.IsDefined(typeof(ReadOnlyAttribute));
        ResponseTimeout = method.GetCustomAttribute<ResponseTimeoutAttribute>()?.Timeout;

        var parameters = method.GetParameters();
        _checkValue = new bool[parameters.Length];
        for (int i = 0; i < parameters.Length; i++)
        {
            var type = parameters[i].ParameterType;
            if (type == typeof(CancellationToken))
            {
                CancellationTokenIndex = i;
            }

            if (trusted || parameters[i].IsDefined(typeof(ImmutableAttribute)))
            {
                continue;
            }

            _refusal ??= Immutability.Objection(type) is { } objection
                ? Refuse($"argument \"{parameters[i].Name}\" of {_name}", objection)
                : null;
            _checkValue[i] = !type.IsSealed && !type.IsValueType;
        }

        if (!trusted
            && Shape.ResultType != typeof(void)
            && !method.ReturnParameter.IsDefined(typeof(ImmutableAttribute))
            && Immutability.Objection(Shape.ResultType) is { } resultObjection)
        {
            _refusal ??= Refuse($"result of {_name}", resultObjection);
        }
    }

    public ReturnShape Shape { get; }

    /// <summary>Whether the method pulls a stream, and so belongs to the activation and not to the grain.</summary>
    public bool IsEnumeration { get; }

    public bool OneWay { get; }

    public bool AlwaysInterleave { get; }

    public bool ReadOnly { get; }

    public TimeSpan? ResponseTimeout { get; }

    public int? CancellationTokenIndex { get; }

    /// <summary>Called by the generated references.</summary>
    public object Call(GrainReference target, object?[] arguments)
    {
        Check(arguments);
        return Shape is IEnumerableShape stream
            ? stream.CreateRequest(target, this, arguments)
            : target.Shared.References.Silo.Call(target, this, arguments);
    }

    /// <summary>Calls the method on a grain object.</summary>
    public ValueTask<object?> InvokeAsync(object target, object?[] arguments) =>
        Shape.Await(InvokeRaw(target, arguments) ?? throw new InvalidOperationException($"{_name} returned null instead of a task."));

    /// <summary>Calls the method on a grain object and does not wait.</summary>
    public object? InvokeRaw(object target, object?[] arguments) => _invoker.Invoke(target, arguments.AsSpan());

    public override string ToString() => _name;

    private static string Refuse(string what, string objection) =>
        $"The {what} would cross grains by reference, which is safe only if nobody can change it: {objection} "
        + "Mark a type that nobody changes after the call [Immutable] (for arrays: put them in an [Immutable] record).";

    private void Check(object?[] arguments)
    {
        if (_refusal is not null)
        {
            throw new NotSupportedException(_refusal);
        }

        for (int i = 0; i < arguments.Length; i++)
        {
            if (!_checkValue[i] || arguments[i] is not { } value)
            {
                continue;
            }

            if (value is IAddressable and not GrainReference)
            {
                throw new NotSupportedException(
                    $"{_name} was called with the grain object {value.GetType().Name} itself; pass this.AsReference<T>() instead.");
            }

            if (Immutability.Objection(value.GetType()) is { } objection)
            {
                throw new NotSupportedException(Refuse($"argument {i + 1} of {_name}", objection));
            }
        }
    }
}
