using Mnist.Grains.Protocol;
using Mnist.Grains.Wire;
using Mnist.Learning.Data;

namespace Mnist.Grains.Tests.Protocol;

public sealed class PartitionServerTests
{
    private readonly TestRun _run = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_run_without_disturbance_ends_with_the_bits_of_the_run_in_order(int partitions)
    {
        var servers = _run.CreateServers(partitions);

        _run.RunToEnd(servers);

        ServerAssert.EndsAs(_run.RunInOrder(), _run, servers);
        Assert.All(servers, server => Assert.Equal((0L, 0L, 0L), Counters(server)));
        Assert.Equal(partitions - 1, Array.FindIndex(servers, server => server.IsLead));
    }

    [Fact]
    public void The_last_step_of_an_epoch_is_divided_by_the_samples_that_it_has()
    {
        var server = Assert.Single(_run.CreateServers(1));
        var samples = new List<int>();
        while (!server.IsFinished)
        {
            samples.Add(server.SamplesInRound);
            _run.FillRound([server]);
            TestRun.FinishRound([server]);
        }

        Assert.Equal([16, 16, 12, TestRun.EvaluationSamples, 16, 16, 12, TestRun.EvaluationSamples], samples);
    }

    [Fact]
    public void Step_losses_are_those_of_the_epoch_at_hand()
    {
        var server = Assert.Single(_run.CreateServers(1));
        var counts = new List<int>();
        while (!server.IsFinished)
        {
            counts.Add(server.StepLosses.Count);
            _run.FillRound([server]);
            TestRun.FinishRound([server]);
        }

        Assert.Equal([0, 1, 2, 3, 0, 1, 2, 3], counts);
    }

    [Fact]
    public void Weights_are_one_frame_a_round_and_averaged_ones_in_an_evaluation()
    {
        var server = Assert.Single(_run.CreateServers(1));
        var frames = new List<byte[]>();
        while (!server.IsFinished)
        {
            var weights = server.Weights;
            Assert.Same(weights, server.Weights);
            Assert.True(Frame.TryRead(weights, out var frame, out _));
            Assert.Equal(new FrameHeader(FrameKind.Weights, Frame.Fp32, TestRun.RunId, server.Round.Step, 0, 0, 0, 66), frame!.Header);
            ServerAssert.SameBits(server.Round.IsEvaluation ? server.Store.EvaluationState : server.Store.State, frame.Elements);
            frames.Add(weights);
            _run.FillRound([server]);
            TestRun.FinishRound([server]);
        }

        Assert.Equal(frames.Count, frames.Distinct().Count());
    }

    [Fact]
    public void Weights_that_a_worker_has_borrowed_stay_as_they_are_until_it_holds_newer_ones()
    {
        var server = Assert.Single(_run.CreateServers(1));
        var arrays = new HashSet<byte[]>(ReferenceEqualityComparer.Instance);
        byte[]? last = null;
        byte[] bytesOfLast = [];
        while (!server.IsFinished)
        {
            var weights = server.LendWeights("worker");
            Assert.Equal(bytesOfLast, last ?? []);
            server.TakeWeightsBack("worker", server.Round.Number);
            (last, bytesOfLast) = (weights, [.. weights]);
            arrays.Add(weights);
            _run.FillRound([server]);
            TestRun.FinishRound([server]);
        }

        Assert.Equal(2, arrays.Count);
    }

    [Fact]
    public void Probabilities_end_up_where_their_samples_are()
    {
        var server = Assert.Single(_run.CreateServers(1));
        GoToEvaluation(server);
        var expected = TestRun.Probabilities(server.Round.Step, server.Store.EvaluationState);
        foreach (var slice in Enumerable.Range(0, 8).Reverse())
        {
            Assert.True(server.Receive(_run.ProbabilitiesFrame(expected, server.Round.Step, slice)).IsAccepted);
        }

        Assert.True(server.Coordinator.IsComplete);
        ServerAssert.SameBits(expected, server.Probabilities);
    }

    [Fact]
    public void More_slices_than_evaluation_samples_make_empty_frames_that_count()
    {
        var run = new TestRun(slices: 64);
        var servers = run.CreateServers(1);

        run.RunToEnd(servers);

        ServerAssert.EndsAs(run.RunInOrder(), run, servers);
    }

    [Fact]
    public void Frames_of_the_run_that_is_over_are_stale()
    {
        var server = Assert.Single(_run.CreateServers(1));
        while (server.Round.Number + 1 < server.Rounds.TotalRounds)
        {
            _run.FillRound([server]);
            TestRun.FinishRound([server]);
        }

        var late = _run.ProbabilitiesFrame(TestRun.Probabilities(server.Round.Step, server.Store.EvaluationState), server.Round.Step, 0);
        _run.FillRound([server]);
        TestRun.FinishRound([server]);

        Assert.False(server.Receive(late).IsAccepted);
        Assert.Equal((0L, 1L, 0L), Counters(server));
    }

    [Fact]
    public void Contributions_to_the_step_after_an_evaluation_are_stale_during_it()
    {
        // Both have the same step.
        var server = Assert.Single(_run.CreateServers(1));
        GoToEvaluation(server);
        var contributions = _run.Contributions(server.Round.Step, server.Store.State);
        var early = TestRun.ContributionFrame(contributions, server.Round.Step, new Subtree(0, 8), server.Range);

        Assert.False(server.Receive(early).IsAccepted);

        Assert.Equal((0L, 1L, 0L), Counters(server));
        _run.FillRound([server]);
        TestRun.FinishRound([server]);
        Assert.True(server.Receive(early).IsAccepted);
    }

    [Fact]
    public void An_incomplete_round_cannot_be_applied()
    {
        var server = Assert.Single(_run.CreateServers(1));
        var before = server.Store.State.ToArray();

        Assert.Throws<InvalidOperationException>(server.ApplyStep);

        ServerAssert.SameBits(before, server.Store.State);
        Assert.Equal(0, server.Ledger.Samples);
    }

    [Fact]
    public void The_next_round_does_not_inherit_slices()
    {
        var server = Assert.Single(_run.CreateServers(1));
        _run.FillRound([server]);
        TestRun.FinishRound([server]);

        Assert.Throws<InvalidOperationException>(server.ApplyStep);
    }

    [Theory]
    [InlineData(3, 1, 0, 68, 2)]
    [InlineData(2, 0, 0, 68, 2)]
    [InlineData(-2, 2, 0, 68, 2)]
    [InlineData(1, 2, 0, 68, 2)]
    [InlineData(0, 3, 0, 68, 2)]
    [InlineData(0, 16, 0, 68, 2)]
    [InlineData(8, 1, 0, 68, 2)]
    [InlineData(0, -1, 0, 68, 2)]
    [InlineData(0, int.MinValue, 0, 68, 2)]
    [InlineData(int.MaxValue, 1, 0, 68, 2)]
    [InlineData(int.MinValue, 1, 0, 68, 2)]
    [InlineData(0, 1 << 30, 0, 68, 2)]
    [InlineData(0, 1, 16, 52, 2)]
    [InlineData(0, 1, -16, 68, 2)]
    [InlineData(0, 1, 0, 67, 2)]
    [InlineData(0, 1, 0, 69, 2)]
    [InlineData(0, 1, 0, 0, 2)]
    [InlineData(0, 1, 0, 68, 1)]
    [InlineData(0, 1, 0, 68, 0)]
    [InlineData(0, 1, 0, 68, 99)]
    [InlineData(0, 1, 0, 68, int.MinValue)]
    public void A_header_is_believed_only_if_it_fits(int firstSlice, int sliceCount, int offset, int count, int kind)
    {
        var server = Assert.Single(_run.CreateServers(1));
        var header = new FrameHeader((FrameKind)kind, Frame.Fp32, TestRun.RunId, 0, firstSlice, sliceCount, offset, count);

        var decision = server.Receive(Frame.Create(header, new float[count]).Bytes);

        var fits = header == new FrameHeader(FrameKind.Contribution, Frame.Fp32, TestRun.RunId, 0, 3, 1, 0, 68);
        Assert.Equal(fits, decision.IsAccepted);
        Assert.Equal(fits ? 0 : 1, server.Counters.Refused);
        Assert.Equal(fits, decision.Reason.Length == 0);
    }

    [Theory]
    [InlineData(8, 1, 0, 40)]
    [InlineData(0, 2, 0, 90)]
    [InlineData(0, 1, 0, 50)]
    [InlineData(0, 1, 10, 40)]
    [InlineData(0, 1, int.MaxValue, 40)]
    [InlineData(0, 1, -40, 40)]
    [InlineData(1, 1, 0, 40)]
    public void Probabilities_of_other_samples_are_refused(int slice, int slices, int offset, int count)
    {
        var server = Assert.Single(_run.CreateServers(1));
        GoToEvaluation(server);
        var header = new FrameHeader(FrameKind.Probabilities, Frame.Fp32, TestRun.RunId, server.Round.Step, slice, slices, offset, count);

        Assert.False(server.Receive(Frame.Create(header, new float[count]).Bytes).IsAccepted);

        Assert.Equal((0L, 0L, 1L), Counters(server));
    }

    [Fact]
    public void Only_the_lead_takes_probabilities()
    {
        var servers = _run.CreateServers(2);
        _run.FillRound(servers);
        TestRun.FinishRound(servers);
        var frame = _run.ProbabilitiesFrame(new float[TestRun.EvaluationSamples * ImageSet.Classes], 1, 0);

        Assert.Contains("does not take", servers[0].Receive(frame).Reason, StringComparison.Ordinal);
        Assert.Contains("the round at hand", servers[1].Receive(frame).Reason, StringComparison.Ordinal);
        Assert.Equal([(0L, 0L, 1L), (0L, 1L, 0L)], servers.Select(Counters));
    }

    private static (long Redundant, long Stale, long Refused) Counters(PartitionServer server) =>
        (server.Counters.Redundant, server.Counters.Stale, server.Counters.Refused);

    private void GoToEvaluation(PartitionServer server)
    {
        while (!server.Round.IsEvaluation)
        {
            _run.FillRound([server]);
            TestRun.FinishRound([server]);
        }
    }
}
