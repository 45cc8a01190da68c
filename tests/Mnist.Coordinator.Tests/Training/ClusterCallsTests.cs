using Mnist.Coordinator.Training;

namespace Mnist.Coordinator.Tests.Training;

public sealed class ClusterCallsTests
{
    private readonly List<string> _reasons = [];

    private ClusterWait Wait => new(_reasons.Add, patience: null, TimeProvider.System);

    [Fact]
    public async Task A_call_that_a_silo_has_cancelled_is_repeated_and_the_reason_given_once()
    {
        var calls = 0;

        var answer = await new ClusterCalls(Wait).CallAsync(
            () => ++calls < 3 ? throw new OperationCanceledException("The operation was canceled.") : Task.FromResult(calls),
            TestContext.Current.CancellationToken);

        Assert.Equal(3, answer);
        Assert.Equal(["waiting for the cluster: The operation was canceled"], _reasons);
    }

    [Fact]
    public async Task Who_cancels_the_call_gets_its_end_and_no_reason()
    {
        using var cancelling = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new ClusterCalls(Wait).CallAsync(
            () =>
            {
                cancelling.Cancel();
                return Task.FromCanceled<int>(cancelling.Token);
            },
            cancelling.Token));

        Assert.Empty(_reasons);
    }

    [Fact]
    public async Task Without_a_cluster_nothing_is_waited_for() =>
        await Assert.ThrowsAsync<TimeoutException>(() => new ClusterCalls(wait: null).CallAsync(
            () => Task.FromException<int>(new TimeoutException()), TestContext.Current.CancellationToken));
}
