using Mnist.Coordinator.Training;
using Orleans.Simulation.Tests;

namespace Mnist.Coordinator.Tests.Training;

public sealed class ClusterWaitTests
{
    private readonly List<string> _lines = [];
    private readonly ManualTime _time = new();

    [Fact]
    public void What_is_waited_for_is_said_at_once_and_seldom_after_that()
    {
        var wait = new ClusterWait(_lines.Add, patience: null, _time);
        for (var second = 0; second < 130; second++)
        {
            wait.Failed("Failed to connect to 10.0.0.1:5432. Is it there?\nTry again.");
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(
            [
                "waiting for the cluster: Failed to connect to 10.0.0.1:5432",
                "waiting for the cluster since 60 s: Failed to connect to 10.0.0.1:5432",
                "waiting for the cluster since 120 s: Failed to connect to 10.0.0.1:5432",
            ],
            _lines);
    }

    [Fact]
    public void After_the_time_that_was_said_it_is_an_error()
    {
        var wait = new ClusterWait(_lines.Add, TimeSpan.FromSeconds(30), _time);
        wait.Failed("no silo has joined");
        _time.Advance(TimeSpan.FromSeconds(29));
        wait.Failed("no silo has joined");
        _time.Advance(TimeSpan.FromSeconds(1));

        var error = Assert.Throws<RunFailedException>(() => wait.Failed("no silo has joined"));

        Assert.Equal(["waiting for the cluster, 30 s at most: no silo has joined"], _lines);
        Assert.StartsWith("the cluster could not be reached for 30 s: no silo has joined; ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_begins_the_time_anew()
    {
        var wait = new ClusterWait(_lines.Add, TimeSpan.FromSeconds(30), _time);
        for (var i = 0; i < 3; i++)
        {
            wait.Failed("the silo is gone");
            _time.Advance(TimeSpan.FromSeconds(20));
            wait.Failed("the silo is gone");
            wait.Answered();
        }

        Assert.Equal(3, _lines.Count);
    }
}
