namespace Orleans.Simulation;

/// <summary>What a grain method returns: how its caller waits for it, and how the callee does.</summary>
internal abstract class ReturnShape
{
    public abstract Type ResultType { get; }

    /// <summary>What a caller gets that does not wait.</summary>
    public abstract object Completed { get; }

    public static ReturnShape? Of(Type returnType)
    {
        if (returnType == typeof(Task))
        {
            return new TaskShape();
        }

        if (returnType == typeof(ValueTask))
        {
            return new ValueTaskShape();
        }

        if (!returnType.IsGenericType)
        {
            return null;
        }

        var definition = returnType.GetGenericTypeDefinition();
        var shape = definition == typeof(Task<>) ? typeof(TaskShape<>)
            : definition == typeof(ValueTask<>) ? typeof(ValueTaskShape<>)
            : definition == typeof(IAsyncEnumerable<>) ? typeof(EnumerableShape<>)
            : null;
        return shape is null
            ? null
            : (ReturnShape)Activator.CreateInstance(shape.MakeGenericType(returnType.GetGenericArguments()))!;
    }

    public abstract PendingCall CreateCall(TurnQueue? caller);

    /// <summary>What the caller gets, to wait with.</summary>
    public abstract object Wait(PendingCall call);

    /// <summary>Waits, in the callee, for what the grain method returned.</summary>
    public abstract ValueTask<object?> Await(object returned);
}

internal sealed class TaskShape : ReturnShape
{
    public override Type ResultType => typeof(void);

    public override object Completed => Task.CompletedTask;

    public override PendingCall CreateCall(TurnQueue? caller) => new PendingCall<object>(caller);

    public override object Wait(PendingCall call) => ((PendingCall<object>)call).WithoutResult.AsTask();

    public override ValueTask<object?> Await(object returned) =>
        ((Task)returned).IsCompletedSuccessfully ? default : Slow((Task)returned);

    private static async ValueTask<object?> Slow(Task task)
    {
        await task;
        return null;
    }
}

internal sealed class TaskShape<T> : ReturnShape
{
    public override Type ResultType => typeof(T);

    public override object Completed => Task.FromResult(default(T)!);

    public override PendingCall CreateCall(TurnQueue? caller) => new PendingCall<T>(caller);

    public override object Wait(PendingCall call) => ((PendingCall<T>)call).WithResult.AsTask();

    public override ValueTask<object?> Await(object returned)
    {
        var task = (Task<T>)returned;
        return task.IsCompletedSuccessfully ? new(task.Result) : Slow(task);
    }

    private static async ValueTask<object?> Slow(Task<T> task) => await task;
}

internal sealed class ValueTaskShape : ReturnShape
{
    public override Type ResultType => typeof(void);

    public override object Completed => ValueTask.CompletedTask;

    public override PendingCall CreateCall(TurnQueue? caller) => new PendingCall<object>(caller);

    public override object Wait(PendingCall call) => ((PendingCall<object>)call).WithoutResult;

    public override async ValueTask<object?> Await(object returned)
    {
        await (ValueTask)returned;
        return null;
    }
}

internal sealed class ValueTaskShape<T> : ReturnShape
{
    public override Type ResultType => typeof(T);

    public override object Completed => new ValueTask<T>(default(T)!);

    public override PendingCall CreateCall(TurnQueue? caller) => new PendingCall<T>(caller);

    public override object Wait(PendingCall call) => ((PendingCall<T>)call).WithResult;

    public override async ValueTask<object?> Await(object returned) => await (ValueTask<T>)returned;
}

/// <summary>
/// A stream of elements. It is never called as one request but pulled, batch by batch, by <see cref="RemoteEnumerator{T}"/>.
/// </summary>
internal sealed class EnumerableShape<T> : ReturnShape, IEnumerableShape
{
    public override Type ResultType => typeof(T);

    public override object Completed => throw NotACall();

    public override PendingCall CreateCall(TurnQueue? caller) => throw NotACall();

    public override object Wait(PendingCall call) => throw NotACall();

    public override ValueTask<object?> Await(object returned) => throw NotACall();

    public object CreateRequest(Runtime.GrainReference target, MethodModel method, object?[] arguments) =>
        new EnumerableRequest<T>(target, method, arguments);

    private static InvalidOperationException NotACall() => new("A stream is pulled, not called.");
}

internal interface IEnumerableShape
{
    object CreateRequest(Runtime.GrainReference target, MethodModel method, object?[] arguments);
}
