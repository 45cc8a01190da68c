using Orleans;
using Orleans.Concurrency;

namespace Mnist.Grains.Contracts;

/// <summary>
/// Holds one partition of the flat state vector, keyed by <c>runId/partition</c>. The last partition leads: it holds the
/// metrics, the ledger and the evaluation, and decides when to write checkpoints.
/// </summary>
public interface IParameterServerGrain : IGrainWithStringKey
{
    /// <summary>
    /// The one call of a step: hands in what the worker computed and waits for what comes next, at most two seconds.
    /// Contributions that are late, repeated or damaged are counted and dropped, so that a call may be repeated.
    /// </summary>
    [AlwaysInterleave]
    [ResponseTimeout("00:00:05")]
    Task<ExchangeReply> ExchangeAsync(ExchangeRequest request);

    /// <summary>Waits until a checkpoint of the round at hand is stored.</summary>
    /// <returns>The round: an activation that was just restored may be far behind the one that its caller knew.</returns>
    Task<long> CheckpointAsync();

    /// <summary>Releases waiting workers and stops serving until the run is started again.</summary>
    [AlwaysInterleave]
    Task StopAsync();

    /// <summary>The round being served and the rounds of the stored checkpoints.</summary>
    [AlwaysInterleave]
    [ResponseTimeout("00:00:05")]
    Task<PartitionRounds> GetRoundsAsync();

    /// <summary>Goes back to the beginning of the round at hand, or to a stored checkpoint, and sends waiting workers on.</summary>
    /// <param name="round">The round at hand, or that of the checkpoint.</param>
    [AlwaysInterleave]
    [ResponseTimeout("00:00:05")]
    Task RewindAsync(long round);

    /// <summary>Ends this activation at once and without a checkpoint, as a crash of its silo would.</summary>
    /// <exception cref="RunRejectedException">Fault injection is not switched on where the server is.</exception>
    [AlwaysInterleave]
    Task CrashAsync();

    /// <summary>This partition of the weights as they would be evaluated now.</summary>
    [AlwaysInterleave]
    Task<PartitionState> GetEvaluationStateAsync();
}
