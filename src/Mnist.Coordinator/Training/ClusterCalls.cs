using System.Data.Common;
using Orleans.Runtime;

namespace Mnist.Coordinator.Training;

/// <summary>
/// Repeats calls that fail because silos, or the database behind them, come and go, for as long as it is worth waiting. Every call of a
/// run may be repeated safely.
/// </summary>
/// <param name="wait">Told why, each time that a call fails; null where there is no cluster, and nothing to wait for.</param>
internal sealed class ClusterCalls(ClusterWait? wait)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);

    /// <summary>Calls until there is an answer.</summary>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Ends the repeating.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled before an answer came.</exception>
    /// <exception cref="RunFailedException">There was none for longer than is waited for.</exception>
    public async Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var answer = await call();
                wait?.Answered();
                return answer;
            }
            catch (Exception exception) when (wait is not null && IsOfCluster(exception, cancellationToken))
            {
                wait.Failed(exception.Message);
                await Task.Delay(RetryDelay, cancellationToken);
            }
        }
    }

    /// <summary>Calls until it is done.</summary>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Ends the repeating.</param>
    public Task CallAsync(Func<Task> call, CancellationToken cancellationToken) => CallAsync(
        async () =>
        {
            await call();
            return true;
        },
        cancellationToken);

    /// <summary>True for what calls end with because of silos and databases that are gone.</summary>
    /// <remarks>A silo that looks for a grain at one that dies meanwhile cancels the call, and nobody here has.</remarks>
    private static bool IsOfCluster(Exception exception, CancellationToken cancellationToken) =>
        exception is (OrleansException or TimeoutException or InvalidOperationException or DbException)
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);
}
