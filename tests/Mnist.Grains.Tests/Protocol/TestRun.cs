using Mnist.Grains.Protocol;
using Mnist.Grains.Wire;
using Mnist.Learning;
using Mnist.Learning.Data;
using Mnist.Learning.Models;
using Mnist.Learning.Specification;
using Mnist.Learning.Training;

namespace Mnist.Grains.Tests.Protocol;

/// <summary>
/// A run small enough to be repeated a thousand times: 68 elements, which four partitions can share. Its "gradients" are
/// random, but depend on the weights, so that an error in any round shows in all that follow.
/// </summary>
internal sealed class TestRun
{
    public const string RunId = "run";
    public const int EvaluationSamples = 37;

    public TestRun(int slices = 8, int epochs = 2)
    {
        Spec = new RunSpec
        {
            Recipe = "test",
            Network = "tiny",
            Seed = 5,
            GlobalBatch = 2 * slices,
            Slices = slices,
            Epochs = epochs,
            Optimizer = new OptimizerSpec(OptimizerKinds.Adam),
            Schedule = new ScheduleSpec(ScheduleShapes.Linear, 0.01f, 0.25f),
            Augmentation = new AugmentationSpec(),
            EmaDecay = 0.9f,
            DatasetSha256 = new string('a', 64),
            TrainingSamples = (5 * slices) + Math.Max(1, slices / 2),
            ValidationSamples = 0,
        };
        SpecSha256 = RunSpecJson.Sha256(Spec);
        Plan = new SlicePlan(Spec);
    }

    public static ModelLayout Layout { get; } = new("test",
    [
        new("fc.weight", [8, 6], 0, TensorKind.Parameter, 8),
        new("fc.bias", [6], 48, TensorKind.Parameter, 0),
        new("bn.running_mean", [6], 54, TensorKind.RunningMean, 0),
        new("bn.running_var", [6], 60, TensorKind.RunningVariance, 0),
    ]);

    public RunSpec Spec { get; }

    public string SpecSha256 { get; }

    public SlicePlan Plan { get; }

    public PartitionServer[] CreateServers(int partitions)
    {
        var servers = Enumerable.Range(0, partitions)
            .Select(partition => new PartitionServer(
                RunId, Spec, Layout, partition, partitions, EvaluationSamples, new SpeculationOptions()))
            .ToArray();
        Array.ForEach(servers, server => server.Coordinator.Begin(server.Round, default));
        return servers;
    }

    /// <summary>The whole state that the servers hand out for the round at hand.</summary>
    public static float[] GatherState(IEnumerable<PartitionServer> servers)
    {
        var state = new float[Layout.StateLength];
        foreach (var server in servers)
        {
            Assert.True(Frame.TryRead(server.Weights, out var frame, out _));
            frame!.Elements.CopyTo(state.AsSpan(frame.Header.Offset, frame.Header.Count));
        }

        return state;
    }

    /// <summary>What every slice of a step contributes at given weights.</summary>
    public float[][] Contributions(long step, ReadOnlySpan<float> state)
    {
        var contributions = new float[Spec.Slices][];
        for (var slice = 0; slice < Spec.Slices; slice++)
        {
            var random = new KeyedRandom(KeyedRandom.Key(99, (ulong)step, (ulong)slice));
            var contribution = contributions[slice] = new float[Layout.ContributionLength];
            for (var i = 0; i < contribution.Length; i++)
            {
                contribution[i] = random.NextSingle() - 0.5f + (i < state.Length ? 0.1f * state[i] : 0);
            }

            contribution[Layout.CorrectIndex] = Plan.SamplesInSlice(step, slice);
        }

        return contributions;
    }

    /// <summary>Class probabilities of all evaluation samples after a step, at given weights.</summary>
    public static float[] Probabilities(long step, ReadOnlySpan<float> state)
    {
        var random = new KeyedRandom(KeyedRandom.Key(98, (ulong)step));
        var probabilities = new float[EvaluationSamples * ImageSet.Classes];
        for (var i = 0; i < probabilities.Length; i++)
        {
            probabilities[i] = random.NextSingle() + state[i % state.Length];
        }

        return probabilities;
    }

    /// <summary>A frame of a node of the reduction tree, combined as workers do it.</summary>
    public static byte[] ContributionFrame(float[][] contributions, long step, Subtree node, PartitionRange range)
    {
        var header = new FrameHeader(FrameKind.Contribution, Frame.Fp32, RunId, step, node.First, node.Count, range.Start, range.Length);
        return Frame.Create(header, Combine(contributions, node).AsSpan(range.Start, range.Length)).Bytes;
    }

    public byte[] ProbabilitiesFrame(float[] probabilities, long step, int slice)
    {
        var (first, count) = EvaluationSlices.Of(EvaluationSamples, slice, Spec.Slices);
        var header = new FrameHeader(
            FrameKind.Probabilities, Frame.Fp32, RunId, step, slice, 1, first * ImageSet.Classes, count * ImageSet.Classes);
        return Frame.Create(header, probabilities.AsSpan(header.Offset, header.Count)).Bytes;
    }

    /// <summary>Runs to the end without the parameter server: one store, slices in their order.</summary>
    public ParameterStore RunInOrder()
    {
        var store = new ParameterStore(Spec, Layout);
        store.Initialize();
        var tree = new ReductionTree(Spec.Slices, Layout.ContributionLength);
        while (!store.IsFinished)
        {
            tree.Reset();
            var contributions = Contributions(store.Step, store.State);
            for (var slice = 0; slice < Spec.Slices; slice++)
            {
                tree.Offer(slice, 1, contributions[slice]);
            }

            store.Apply(tree.Result, Plan.SamplesInStep(store.Step));
        }

        return store;
    }

    /// <summary>Gives the servers exactly what the round at hand needs.</summary>
    public void FillRound(PartitionServer[] servers)
    {
        var round = servers[0].Round;
        var state = GatherState(servers);
        for (var slice = 0; slice < Spec.Slices; slice++)
        {
            foreach (var server in servers)
            {
                if (!round.IsEvaluation)
                {
                    Assert.True(server.Receive(
                        ContributionFrame(Contributions(round.Step, state), round.Step, new Subtree(slice, 1), server.Range)).IsAccepted);
                }
                else if (server.IsLead)
                {
                    Assert.True(server.Receive(ProbabilitiesFrame(Probabilities(round.Step, state), round.Step, slice)).IsAccepted);
                }
            }
        }
    }

    /// <summary>Applies a round that is complete, and begins the next one.</summary>
    public static void FinishRound(PartitionServer[] servers)
    {
        foreach (var server in servers)
        {
            Assert.True(server.Coordinator.IsComplete || (server.Round.IsEvaluation && !server.IsLead));
            if (!server.Round.IsEvaluation)
            {
                server.ApplyStep();
            }

            server.Advance();
            if (!server.IsFinished)
            {
                server.Coordinator.Begin(server.Round, default);
            }
        }
    }

    /// <summary>Goes on to the end without disturbance.</summary>
    public void RunToEnd(PartitionServer[] servers)
    {
        while (!servers[0].IsFinished)
        {
            FillRound(servers);
            FinishRound(servers);
        }
    }

    private static float[] Combine(float[][] contributions, Subtree node)
    {
        if (node.Count == 1)
        {
            return contributions[node.First];
        }

        var left = Combine(contributions, new Subtree(node.First, node.Count / 2)).ToArray();
        SliceReduction.Add(left, Combine(contributions, new Subtree(node.First + (node.Count / 2), node.Count / 2)));
        return left;
    }
}
