using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>A storage provider: keeps records by grain and name, and refuses to overwrite what the writer has not seen.</summary>
public interface IGrainStorage
{
    /// <summary>Reads a record.</summary>
    /// <typeparam name="T">The type of the state.</typeparam>
    /// <param name="stateName">The record's name within the grain.</param>
    /// <param name="grainId">The grain.</param>
    /// <param name="grainState">Receives the state, its version and whether the record exists.</param>
    /// <returns>When it completes, the record has been read.</returns>
    Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

    /// <inheritdoc cref="ReadStateAsync{T}(string, GrainId, IGrainState{T})"/>
    Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
        ReadStateAsync(stateName, grainId, grainState);

    /// <summary>Writes a record.</summary>
    /// <typeparam name="T">The type of the state.</typeparam>
    /// <param name="stateName">The record's name within the grain.</param>
    /// <param name="grainId">The grain.</param>
    /// <param name="grainState">The state, and the version that it replaces; receives the new version.</param>
    /// <returns>When it completes, the record is durable.</returns>
    /// <exception cref="InconsistentStateException">The record has another version.</exception>
    Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

    /// <inheritdoc cref="WriteStateAsync{T}(string, GrainId, IGrainState{T})"/>
    Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
        WriteStateAsync(stateName, grainId, grainState);

    /// <summary>Deletes a record.</summary>
    /// <typeparam name="T">The type of the state.</typeparam>
    /// <param name="stateName">The record's name within the grain.</param>
    /// <param name="grainId">The grain.</param>
    /// <param name="grainState">The version to delete.</param>
    /// <returns>When it completes, the record is gone.</returns>
    /// <exception cref="InconsistentStateException">The record has another version.</exception>
    Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

    /// <inheritdoc cref="ClearStateAsync{T}(string, GrainId, IGrainState{T})"/>
    Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
        ClearStateAsync(stateName, grainId, grainState);
}

/// <summary>A record has another version than the writer last saw. A grain that lets this escape is deactivated.</summary>
[GenerateSerializer]
public class InconsistentStateException : OrleansException
{
    /// <summary>Makes an exception.</summary>
    public InconsistentStateException()
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What is wrong.</param>
    public InconsistentStateException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">Its cause.</param>
    public InconsistentStateException(string message, Exception? innerException)
        : base(message, innerException!)
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="errorMsg">What is wrong.</param>
    /// <param name="storedEtag">The version in storage.</param>
    /// <param name="currentEtag">The version that the writer last saw.</param>
    public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag)
        : this(errorMsg, storedEtag, currentEtag, null)
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="errorMsg">What is wrong.</param>
    /// <param name="storedEtag">The version in storage.</param>
    /// <param name="currentEtag">The version that the writer last saw.</param>
    /// <param name="storageException">Its cause.</param>
    public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag, Exception? storageException)
        : base(errorMsg, storageException!)
    {
        StoredEtag = storedEtag;
        CurrentEtag = currentEtag;
    }

    /// <summary>The version in storage.</summary>
    [Id(1)]
    public string? StoredEtag { get; }

    /// <summary>The version that the writer last saw.</summary>
    [Id(2)]
    public string? CurrentEtag { get; }

    /// <summary>Whether the grain through whose call this passes is the one whose state is stale, and not a caller of it.</summary>
    internal bool IsSourceActivation { get; set; } = true;

    /// <inheritdoc/>
    public override string ToString() => $"{base.ToString()} Stored version {StoredEtag}, version seen {CurrentEtag}.";
}

/// <summary>There is no storage provider of that name.</summary>
[GenerateSerializer]
public sealed class BadProviderConfigException : OrleansException
{
    /// <summary>Makes an exception.</summary>
    public BadProviderConfigException()
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="msg">What is wrong.</param>
    public BadProviderConfigException(string msg)
        : base(msg)
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="msg">What is wrong.</param>
    /// <param name="exc">Its cause.</param>
    public BadProviderConfigException(string msg, Exception exc)
        : base(msg, exc)
    {
    }
}
