using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Simulation;

/// <summary>Makes the persistent state that a grain's constructor asks for.</summary>
internal static class PersistentState
{
    private static readonly MethodInfo CreateOfType =
        typeof(PersistentState).GetMethod(nameof(CreateTyped), BindingFlags.NonPublic | BindingFlags.Static)!;

    public static object Create(Activation activation, ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(IPersistentState<>))
        {
            throw new OrleansConfigurationException(
                $"Parameter \"{parameter.Name}\" of {parameter.Member.DeclaringType} has [PersistentState], "
                + $"but its type is {type} instead of IPersistentState<T>.");
        }

        object[] arguments = [activation, parameter.GetCustomAttribute<PersistentStateAttribute>()!];
        return CreateOfType.MakeGenericMethod(type.GetGenericArguments())
            .Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null)!;
    }

    /// <summary>
    /// The state of a record that does not exist: as in Orleans an object of the type, whether or not it can be constructed.
    /// </summary>
    public static TState Empty<TState>()
    {
        var type = typeof(TState);
        return type.IsValueType || type.IsAbstract || type.IsArray || type == typeof(string) ? default!
            : type.GetConstructor(Type.EmptyTypes) is not null ? Activator.CreateInstance<TState>()
            : (TState)RuntimeHelpers.GetUninitializedObject(type);
    }

    private static PersistentState<TState> CreateTyped<TState>(Activation activation, PersistentStateAttribute attribute)
    {
        var services = activation.ActivationServices;
        var storage = string.IsNullOrWhiteSpace(attribute.StorageName)
            ? services.GetService<IGrainStorage>()
                ?? services.GetKeyedService<IGrainStorage>(Providers.ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME)
            : services.GetKeyedService<IGrainStorage>(attribute.StorageName);
        return new PersistentState<TState>(
            attribute.StateName,
            activation,
            storage ?? throw new BadProviderConfigException(
                string.IsNullOrWhiteSpace(attribute.StorageName)
                    ? $"No default storage provider found loading grain type {activation.Class.GrainType}."
                    : $"No storage provider named \"{attribute.StorageName}\" found loading grain type {activation.Class.GrainType}."));
    }
}

/// <summary>
/// A record that belongs to an activation. Its operations run one after the other, in the order in which they were asked for, and
/// as in Orleans none ends before the caller awaits it. What a provider throws that is no <see cref="OrleansException"/> is wrapped in one.
/// </summary>
internal sealed class PersistentState<TState> : IPersistentState<TState>
{
    private readonly string _name;
    private readonly Activation _activation;
    private readonly IGrainStorage _storage;
    private readonly GrainState<TState> _record;
    private Task _last = Task.CompletedTask;

    public PersistentState(string name, Activation activation, IGrainStorage storage)
    {
        _name = name;
        _activation = activation;
        _storage = storage;
        _record = new GrainState<TState>(PersistentState.Empty<TState>());
        _ = activation.ObservableLifecycle.Subscribe($"PersistentState {name}", GrainLifecycleStage.SetupState, ReadStateAsync);
    }

    public TState State
    {
        get => _record.State!;
        set => _record.State = value;
    }

    public string? Etag => _record.ETag;

    public bool RecordExists => _record.RecordExists;

    public Task ReadStateAsync() => ReadStateAsync(CancellationToken.None);

    public Task WriteStateAsync() => WriteStateAsync(CancellationToken.None);

    public Task ClearStateAsync() => ClearStateAsync(CancellationToken.None);

    public Task ReadStateAsync(CancellationToken cancellationToken) => Run(
        nameof(ReadStateAsync), () => _storage.ReadStateAsync(_name, _activation.GrainId, _record, cancellationToken), cancellationToken);

    public Task WriteStateAsync(CancellationToken cancellationToken) => Run(
        nameof(WriteStateAsync), () => _storage.WriteStateAsync(_name, _activation.GrainId, _record, cancellationToken), cancellationToken);

    public Task ClearStateAsync(CancellationToken cancellationToken) => Run(
        nameof(ClearStateAsync), () => _storage.ClearStateAsync(_name, _activation.GrainId, _record, cancellationToken), cancellationToken);

    private Task Run(string name, Func<Task> operation, CancellationToken cancellationToken) =>
        _last = RunAfterAsync(_last, name, operation, cancellationToken);

    private async Task RunAfterAsync(Task previous, string name, Func<Task> operation, CancellationToken cancellationToken)
    {
        await previous.ConfigureAwait(
            ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        try
        {
            await operation();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception) when (exception is not OrleansException)
        {
            throw new OrleansException(
                $"Error from storage provider {_storage.GetType().Name} during {name} of \"{_name}\" for grain {_activation.GrainId}: "
                + exception.Message,
                exception);
        }
    }
}
