using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Simulation;

/// <summary>Makes the persistent state that a grain's constructor asks for.</summary>
internal static class PersistentState
{
    private static readonly MethodInfo CreateOfType =
        typeof(PersistentState).GetMethod(nameof(Create), BindingFlags.NonPublic | BindingFlags.Static, [typeof(Activation), typeof(PersistentStateAttribute)])!;

    public static object Create(Activation activation, ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(IPersistentState<>))
        {
            throw new OrleansConfigurationException(
                $"Parameter \"{parameter.Name}\" of {parameter.Member.DeclaringType} has [PersistentState], "
                + $"but its type is {type} instead of IPersistentState<T>.");
        }

        return CreateOfType.MakeGenericMethod(type.GetGenericArguments())
            .Invoke(null, BindingFlags.DoNotWrapExceptions, null, [activation, parameter.GetCustomAttribute<PersistentStateAttribute>()!], null)!;
    }

    private static PersistentState<TState> Create<TState>(Activation activation, PersistentStateAttribute attribute)
    {
        var services = activation.ActivationServices;
        var storage = string.IsNullOrWhiteSpace(attribute.StorageName)
            ? services.GetService<IGrainStorage>() ?? services.GetKeyedService<IGrainStorage>(Providers.ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME)
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

/// <summary>A record that belongs to an activation. Its operations run one after the other, in the order in which they were asked for.</summary>
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
        _record = new GrainState<TState>(Empty());
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

    public Task ReadStateAsync(CancellationToken cancellationToken) => RunAsync(async () =>
    {
        await _storage.ReadStateAsync(_name, _activation.GrainId, _record, cancellationToken);
        if (!_record.RecordExists)
        {
            _record.State = Empty();
        }
    });

    public Task WriteStateAsync(CancellationToken cancellationToken) =>
        RunAsync(() => _storage.WriteStateAsync(_name, _activation.GrainId, _record, cancellationToken));

    public Task ClearStateAsync(CancellationToken cancellationToken) => RunAsync(async () =>
    {
        await _storage.ClearStateAsync(_name, _activation.GrainId, _record, cancellationToken);
        _record.State = Empty();
    });

    // As in Orleans, a record that does not exist has a new object as its state, whether or not the type likes to be constructed.
    private static TState Empty() =>
        typeof(TState).IsValueType || typeof(TState).GetConstructor(Type.EmptyTypes) is null ? default! : Activator.CreateInstance<TState>();

    private Task RunAsync(Func<Task> operation) => _last = AfterAsync(_last, operation);

    private static async Task AfterAsync(Task previous, Func<Task> operation)
    {
        await previous.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        await operation();
    }
}
