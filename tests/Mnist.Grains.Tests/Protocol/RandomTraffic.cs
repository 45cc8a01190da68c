using Mnist.Grains.Protocol;
using Mnist.Grains.Wire;

namespace Mnist.Grains.Tests.Protocol;

/// <summary>Makes frames of every kind, and keeps count of what the servers have to do with them.</summary>
internal sealed class RandomTraffic(TestRun run, int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<(PartitionServer Server, byte[] Frame)> _old = [];
    private readonly SortedDictionary<int, (long Redundant, long Stale, long Refused)> _expected = [];

    /// <summary>What the counters of the servers have to say, in the order of their ranges.</summary>
    public IEnumerable<(long Redundant, long Stale, long Refused)> Expected => _expected.Values;

    public static (long Redundant, long Stale, long Refused) CountersOf(PartitionServer server) =>
        (server.Counters.Redundant, server.Counters.Stale, server.Counters.Refused);

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

    private IEnumerable<(PartitionServer Server, Subtree Node, byte[] Frame)> CreateFrames(
        PartitionServer[] servers, bool isSingle = false)
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
                var astray = header with { Offset = other.Start, Count = other.Length };
                Refuse(server, Frame.Create(astray, new float[other.Length]).Bytes);
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
