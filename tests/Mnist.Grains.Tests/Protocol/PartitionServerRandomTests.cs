using Mnist.Grains.Grains;
using Mnist.Grains.Protocol;
using Mnist.Learning.Training;

namespace Mnist.Grains.Tests.Protocol;

/// <summary>Runs in which frames arrive in any order, twice, late, early, damaged, astray, and cut into any nodes of the tree.</summary>
public sealed class PartitionServerRandomTests
{
    private readonly TestRun _run = new();
    private readonly ParameterStore _expected;

    public PartitionServerRandomTests() => _expected = _run.RunInOrder();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Every_run_ends_with_the_bits_of_the_run_in_order(int partitions)
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var servers = _run.CreateServers(partitions);
            var traffic = new RandomTraffic(_run, seed);
            while (!servers[0].IsFinished)
            {
                traffic.FillRound(servers);
                TestRun.FinishRound(servers);
            }

            ServerAssert.EndsAs(_expected, _run, servers);
            Assert.Equal(traffic.Expected, servers.Select(RandomTraffic.CountersOf));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_run_that_crashes_and_goes_on_from_its_checkpoints_ends_with_the_same_bits(int partitions)
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var servers = _run.CreateServers(partitions);
            var traffic = new RandomTraffic(_run, seed);
            CheckpointState[]? checkpoints = null;
            for (var crashes = 0; !servers[0].IsFinished;)
            {
                if (random.Next(4) == 0)
                {
                    checkpoints = [.. servers.Select(server => PartitionCheckpoint.Save(server, _run.SpecSha256, default))];
                }

                if (checkpoints is not null && crashes < 5 && random.Next(4) == 0)
                {
                    crashes++;
                    traffic.LeavePartial(servers);
                    servers = random.Next(2) == 0 ? servers : _run.CreateServers(partitions);
                    Restore(servers, checkpoints);
                }

                traffic.FillRound(servers);
                TestRun.FinishRound(servers);
            }

            ServerAssert.EndsAs(_expected, _run, servers);
        }
    }

    [Fact]
    public void A_checkpoint_of_any_round_leads_to_the_same_bits()
    {
        var servers = _run.CreateServers(2);
        var checkpoints = new List<CheckpointState[]>();
        while (!servers[0].IsFinished)
        {
            checkpoints.Add([.. servers.Select(server => PartitionCheckpoint.Save(server, _run.SpecSha256, new TrainingTimes(1.5, 0.25)))]);
            _run.FillRound(servers);
            TestRun.FinishRound(servers);
        }

        foreach (var (round, checkpoint) in checkpoints.Index())
        {
            var resumed = _run.CreateServers(2);
            Assert.Equal(new TrainingTimes(1.5, 0.25), Restore(resumed, checkpoint));
            Assert.All(resumed, server => Assert.Equal(round, server.Round.Number));
            Assert.Equal(round % 4, resumed[^1].StepLosses.Count);
            _run.RunToEnd(resumed);
            ServerAssert.EndsAs(_expected, _run, resumed);
            Assert.Equal(servers[^1].Probabilities, resumed[^1].Probabilities);
        }
    }

    private TrainingTimes Restore(PartitionServer[] servers, CheckpointState[] checkpoints)
    {
        var times = servers
            .Zip(checkpoints, (server, checkpoint) => PartitionCheckpoint.Load(checkpoint, server, _run.SpecSha256, "test"))
            .ToArray();
        Array.ForEach(servers, server => server.Coordinator.Begin(server.Round, default));
        return Assert.Single(times.Distinct());
    }
}
