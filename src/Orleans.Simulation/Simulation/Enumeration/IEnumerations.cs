using Orleans.Concurrency;
using Orleans.Runtime;

namespace Orleans.Simulation;

/// <summary>How a caller pulls a stream out of a grain. The activation answers, not the grain.</summary>
internal interface IEnumerations : IAddressable
{
    /// <summary>Starts a stream and waits for its first elements.</summary>
    [AlwaysInterleave]
    Task<EnumerationBatch> StartAsync(Guid id, EnumerableRequest request, CancellationToken cancellationToken);

    /// <summary>Waits for the next elements.</summary>
    [AlwaysInterleave]
    Task<EnumerationBatch> NextAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Ends a stream.</summary>
    [AlwaysInterleave]
    Task StopAsync(Guid id);
}

/// <summary>What happened to a stream.</summary>
internal enum EnumerationStatus
{
    /// <summary>There are elements, and there may be more.</summary>
    Elements,

    /// <summary>There may be elements, and there are none after them.</summary>
    Completed,

    /// <summary>Nothing yet; the caller asks again, so that no request lasts as long as its time-out.</summary>
    Nothing,

    /// <summary>The activation does not know the stream.</summary>
    Missing,
}

/// <summary>Elements of a stream: a <see cref="List{T}"/>, or null for none.</summary>
internal sealed record EnumerationBatch(EnumerationStatus Status, object? Elements);
