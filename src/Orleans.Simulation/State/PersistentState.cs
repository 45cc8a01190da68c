namespace Orleans
{
    /// <summary>Marks attributes that say what a grain's constructor parameter is.</summary>
    public interface IFacetMetadata
    {
    }

    /// <summary>A record as it goes to storage and comes from there.</summary>
    /// <typeparam name="T">The type of the state.</typeparam>
    public interface IGrainState<T>
    {
        /// <summary>The state.</summary>
        T? State { get; set; }

        /// <summary>The version of the record that was last read or written; null if there is none.</summary>
        string? ETag { get; set; }

        /// <summary>Whether the record exists.</summary>
        bool RecordExists { get; set; }
    }

    /// <summary>A record as it goes to storage and comes from there.</summary>
    /// <typeparam name="T">The type of the state.</typeparam>
    [GenerateSerializer]
    public sealed class GrainState<T> : IGrainState<T>
    {
        /// <summary>Makes a record without state.</summary>
        public GrainState()
        {
        }

        /// <summary>Makes a record.</summary>
        /// <param name="state">The state.</param>
        public GrainState(T? state)
            : this(state, null)
        {
        }

        /// <summary>Makes a record.</summary>
        /// <param name="state">The state.</param>
        /// <param name="eTag">The record's version.</param>
        public GrainState(T? state, string? eTag)
        {
            State = state;
            ETag = eTag;
        }

        /// <inheritdoc/>
        [Id(0)]
        public T? State { get; set; }

        /// <inheritdoc/>
        [Id(1)]
        public string? ETag { get; set; }

        /// <inheritdoc/>
        [Id(2)]
        public bool RecordExists { get; set; }
    }
}

namespace Orleans.Core
{
    /// <summary>A record in storage.</summary>
    public interface IStorage
    {
        /// <summary>The version of the record that was last read or written; null if there is none.</summary>
        string? Etag { get; }

        /// <summary>Whether the record exists.</summary>
        bool RecordExists { get; }

        /// <summary>Deletes the record.</summary>
        /// <returns>When it completes, the record is gone.</returns>
        Task ClearStateAsync();

        /// <summary>Deletes the record.</summary>
        /// <param name="cancellationToken">Stops waiting.</param>
        /// <returns>When it completes, the record is gone.</returns>
        Task ClearStateAsync(CancellationToken cancellationToken) => ClearStateAsync();

        /// <summary>Writes the record.</summary>
        /// <returns>When it completes, the record is durable.</returns>
        Task WriteStateAsync();

        /// <summary>Writes the record.</summary>
        /// <param name="cancellationToken">Stops waiting.</param>
        /// <returns>When it completes, the record is durable.</returns>
        Task WriteStateAsync(CancellationToken cancellationToken) => WriteStateAsync();

        /// <summary>Reads the record.</summary>
        /// <returns>When it completes, the state is that of storage.</returns>
        Task ReadStateAsync();

        /// <summary>Reads the record.</summary>
        /// <param name="cancellationToken">Stops waiting.</param>
        /// <returns>When it completes, the state is that of storage.</returns>
        Task ReadStateAsync(CancellationToken cancellationToken) => ReadStateAsync();
    }

    /// <summary>A record in storage.</summary>
    /// <typeparam name="TState">The type of its state.</typeparam>
    public interface IStorage<TState> : IStorage
    {
        /// <summary>The state in memory.</summary>
        TState State { get; set; }
    }
}

namespace Orleans.Runtime
{
    /// <summary>A record in storage that belongs to a grain and is read before the grain is activated.</summary>
    /// <typeparam name="TState">The type of its state.</typeparam>
    public interface IPersistentState<TState> : Core.IStorage<TState>
    {
    }

    /// <summary>Says which record.</summary>
    public interface IPersistentStateConfiguration
    {
        /// <summary>The record's name within the grain.</summary>
        string StateName { get; }

        /// <summary>The name of the storage provider; the default one if null.</summary>
        string? StorageName { get; }
    }

    /// <summary>Asks for an <see cref="IPersistentState{TState}"/> in a grain's constructor.</summary>
    [AttributeUsage(AttributeTargets.Parameter)]
    public class PersistentStateAttribute : Attribute, IFacetMetadata, IPersistentStateConfiguration
    {
        /// <summary>Names the record.</summary>
        /// <param name="stateName">Its name within the grain.</param>
        /// <param name="storageName">The name of the storage provider; the default one if null.</param>
        public PersistentStateAttribute(string stateName, string? storageName = null)
        {
            ArgumentNullException.ThrowIfNull(stateName);
            StateName = stateName;
            StorageName = storageName;
        }

        /// <inheritdoc/>
        public string StateName { get; }

        /// <inheritdoc/>
        public string? StorageName { get; }
    }
}
