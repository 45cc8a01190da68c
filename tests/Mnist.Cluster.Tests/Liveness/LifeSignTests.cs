using Mnist.Clustering.Liveness;
using Mnist.Clustering.Transport;
using Mnist.Coordinator.Tests.Support;

namespace Mnist.Cluster.Tests.Liveness;

/// <summary>How processes of a machine see that another one is there. What they hear when it is killed is in SiloFaultTests.</summary>
public sealed class LifeSignTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public LifeSignTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "there are no robust mutexes here");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Sign => _folder.At("sign");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_thread_that_ends_gives_up_what_it_holds()
    {
        using var memory = MappedFile.Create(Sign, RobustMutex.Bytes)!;
        var mutex = new RobustMutex(memory, 0);
        using var end = new ManualResetEventSlim();
        var isHeld = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var holder = new Thread(() =>
        {
            isHeld.SetResult(mutex.TryCreate() && mutex.TryHold());
            end.Wait(Cancelled);
        });
        holder.Start();
        Assert.True(await isHeld.Task);
        Assert.False(mutex.HasEnded());
        Task<bool>[] waiting = [.. Enumerable.Range(0, 3).Select(_ => Task.Factory.StartNew(
            mutex.AwaitEnd, Cancelled, TaskCreationOptions.LongRunning, TaskScheduler.Default))];

        end.Set();

        Assert.DoesNotContain(false, await Task.WhenAll(waiting));
        Assert.True(mutex.HasEnded());
        Assert.True(mutex.HasEnded());
        holder.Join();
    }

    [Fact]
    public void A_process_that_is_there_is_not_taken_for_ended()
    {
        Assert.True(LifeSign.TryShow(Sign));
        Assert.Equal([Sign], Directory.GetFiles(_folder.Path));

        var end = LifeSign.EndOf(Sign);
        LifeSign.RemoveEnded([Sign]);

        Assert.True(end is { IsCompleted: false });
        Assert.True(File.Exists(Sign));
    }

    [Fact]
    public void A_process_that_shows_nothing_cannot_be_watched() => Assert.Null(LifeSign.EndOf(Sign));

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(5000)]
    public void A_file_that_is_something_else_is_left_alone(int bytes)
    {
        File.WriteAllBytes(Sign, new byte[bytes]);

        Assert.Null(LifeSign.EndOf(Sign));
        LifeSign.RemoveEnded([Sign, _folder.At("none")]);

        Assert.Equal(bytes, new FileInfo(Sign).Length);
    }

    [Fact]
    public void Where_no_file_can_be_made_nothing_is_shown() => Assert.False(LifeSign.TryShow(_folder.At("no such folder/sign")));
}
