using Mnist.Grains.Grains;
using Mnist.Grains.Protocol;
using Mnist.Grains.Wire;
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
            Assert.Equal(traffic.Expected, servers.Select(server => (server.Counters.Redundant, server.Counters.Stale, server.Counters.Refused)));
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
        var times = servers.Zip(checkpoints, (server, checkpoint) => PartitionCheckpoint.Load(checkpoint, server, _run.SpecSha256, "test")).ToArray();
        Array.ForEach(servers, server => server.Coordinator.Begin(server.Round, default));
        return Assert.Single(times.Distinct());
    }

    /// <summary>Makes frames of every kind, and keeps count of what the servers have to do with them.</summary>
    private sealed class RandomTraffic(TestRun run, int seed)
    {
        private readonly Random _random = new(seed);
        private readonly List<(PartitionServer Server, byte[] Frame)> _old = [];
        private readonly SortedDictionary<int, (long Redundant, long Stale, long Refused)> _expected = [];

        public IEnumerable<(long Redundant, long Stale, long Refused)> Expected => _expected.Values;

        /// <summary>Sends frames in disorder until the round is complete.</summary>
        public void FillRound(PartitionServer[] servers)
        {
            var frames = CreateFrames(servers).ToArray();
            _random.Shuffle(frames);
            foreach (var (server, node, frame) in frames)
            {
                SendJunk(servers, server);
                Send(server, node, frame);
                if (_random.Next(4) == 0)
                {
                    Send(server, node, frame);
                }
            }

            // What overlapping nodes left out is asked for slice by slice.
            foreach (var (server, node, frame) in CreateFrames(servers, isSingle: true).ToArray())
            {
                if (!server.Coordinator.HasReceived(node.First))
                {
                    Send(server, node, frame);
                }
            }
        }

        /// <summary>Sends a part of what a round needs.</summary>
        public void LeavePartial(PartitionServer[] servers)
        {
            foreach (var (server, node, frame) in CreateFrames(servers).Where(_ => _random.Next(2) == 0).ToArray())
            {
                Send(server, node, frame);
            }
        }

        private void Count(PartitionServer server, long redundant = 0, long stale = 0, long refused = 0)
        {
            var tally = _expected.GetValueOrDefault(server.Range.Start);
            _expected[server.Range.Start] = (tally.Redundant + redundant, tally.Stale + stale, tally.Refused + refused);
        }

        private IEnumerable<(PartitionServer Server, Subtree Node, byte[] Frame)> CreateFrames(PartitionServer[] servers, bool isSingle = false)
        {
            var round = servers[0].Round;
            var state = TestRun.GatherState(servers);
            if (round.IsEvaluation)
            {
                var probabilities = TestRun.Probabilities(round.Step, state);
                return Enumerable.Range(0, run.Spec.Slices).Select(slice =>
                    (servers[^1], new Subtree(slice, 1), run.ProbabilitiesFrame(probabilities, round.Step, slice)));
            }

            var contributions = run.Contributions(round.Step, state);
            return servers.SelectMany(server => Nodes(isSingle).Select(node =>
                (server, node, TestRun.ContributionFrame(contributions, round.Step, node, server.Range))));
        }

        /// <summary>Nodes that cover all slices, and a few that overlap with these.</summary>
        private IEnumerable<Subtree> Nodes(bool isSingle)
        {
            var slices = run.Spec.Slices;
            if (isSingle)
            {
                return Enumerable.Range(0, slices).Select(slice => new Subtree(slice, 1));
            }

            var extra = Enumerable.Range(0, _random.Next(3)).Select(_ =>
            {
                var count = 1 << _random.Next(int.Log2(slices) + 1);
                return new Subtree(_random.Next(slices / count) * count, count);
            });
            return Split(new Subtree(0, slices)).Concat(extra);
        }

        private IEnumerable<Subtree> Split(Subtree node) => node.Count == 1 || _random.Next(3) == 0
            ? [node]
            : [.. Split(new Subtree(node.First, node.Count / 2)), .. Split(new Subtree(node.First + (node.Count / 2), node.Count / 2))];

        private void Send(PartitionServer server, Subtree node, byte[] frame)
        {
            var isNew = Enumerable.Range(node.First, node.Count).All(slice => !server.Coordinator.HasReceived(slice));

            var decision = server.Receive(frame);

            Assert.Equal(isNew, decision.IsAccepted);
            Assert.Equal(isNew, decision.Reason.Length == 0);
            Assert.All(Enumerable.Range(node.First, isNew ? node.Count : 0), slice => Assert.True(server.Coordinator.HasReceived(slice)));
            Count(server, redundant: isNew ? 0 : 1);
            _old.Add((server, frame));
        }

        private void SendJunk(PartitionServer[] servers, PartitionServer server)
        {
            var round = server.Round;
            var header = new FrameHeader(
                FrameKind.Contribution, Frame.Fp32, TestRun.RunId, round.Step, 0, 1, server.Range.Start, server.Range.Length);
            var elements = Enumerable.Repeat(1e9f, server.Range.Length).ToArray();
            switch (_random.Next(8))
            {
                case 0:
                    var damaged = Frame.Create(header, elements).Bytes;
                    damaged[_random.Next(damaged.Length)] ^= (byte)(1 << _random.Next(8));
                    Refuse(server, damaged);
                    break;
                case 1:
                    Refuse(server, Frame.Create(header with { Run = "another" }, elements).Bytes);
                    break;
                case 2:
                    Refuse(server, Frame.Create(header with { FirstSlice = 1, SliceCount = 2 }, elements).Bytes);
                    break;
                case 3 when servers.Length > 1:
                    var other = servers[(Array.IndexOf(servers, server) + 1) % servers.Length].Range;
                    Refuse(server, Frame.Create(header with { Offset = other.Start, Count = other.Length }, new float[other.Length]).Bytes);
                    break;
                case 4:
                    Outdate(server, Frame.Create(header with { Step = round.Step + _random.Next(1, 9) }, elements).Bytes);
                    break;
                case 5 when _old.FindIndex(old => old.Server == server && IsOfAnotherRound(old.Frame, round)) is >= 0 and var index:
                    Outdate(server, _old[index].Frame);
                    break;
                default:
                    break;
            }
        }

        private static bool IsOfAnotherRound(byte[] bytes, Round round) =>
            Frame.TryRead(bytes, out var frame, out _)
            && (frame!.Header.Step != round.Step || (frame.Header.Kind == FrameKind.Probabilities) != round.IsEvaluation);

        private void Refuse(PartitionServer server, byte[] frame)
        {
            Assert.False(server.Receive(frame).IsAccepted);
            Count(server, refused: 1);
        }

        private void Outdate(PartitionServer server, byte[] frame)
        {
            Assert.False(server.Receive(frame).IsAccepted);
            Count(server, stale: 1);
        }
    }
}
