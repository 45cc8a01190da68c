using System.Diagnostics;
using Mnist.Grains.Protocol;
using Mnist.Grains.Wire;
using Mnist.Learning.Models;
using Mnist.Learning.Specification;

namespace Mnist.Simulator.Planning;

/// <summary>Measures the parameter server's state machine, without grains around it.</summary>
/// <param name="spec">What is trained; only its number of slices and its vector matter.</param>
internal sealed class ServerTimer(RunSpec spec)
{
    private const int Steps = 150;
    private const string RunId = "calibration";
    private readonly ModelLayout _layout = Networks.Create(spec.Network).Layout;

    /// <summary>Measures frames and steps: the medians of many.</summary>
    /// <param name="callMicroseconds">What a call costs apart from them.</param>
    public ServerCosts Measure(double callMicroseconds)
    {
        // Neither one slice alone, for which there is nothing to add, nor more than needed.
        var few = Math.Max(2, Math.Min(spec.Slices, 8));
        var many = few * 16;
        var length = _layout.ContributionLength;
        var (frame, step) = Measure(few, 0, 1);
        var partitions = PartitionRange.MaximumPartitions(length);
        var smallest = PartitionRange.Of(length, 0, partitions).Length;
        var (smallFrame, smallStep) = partitions > 1 ? Measure(few, 0, partitions) : (frame, step);
        var perSlice = Math.Max(0, (Measure(many, 0, 1).Step - step) / (many - few));
        return new ServerCosts
        {
            Call = callMicroseconds,
            Frame = LinearCost.Through((smallest, smallFrame), (length, frame)),
            Step = LinearCost.Through((smallest, smallStep), (length, step - (perSlice * few))),
            StepPerSlice = perSlice,
        };
    }

    private (double Frame, double Step) Measure(int slices, int partition, int partitions)
    {
        var perSlice = spec.GlobalBatch / spec.Slices;
        var run = SyntheticData.Specify(spec with { Slices = slices, GlobalBatch = slices * perSlice }, Steps, 1);
        var server = new PartitionServer(RunId, run, _layout, partition, partitions, 1, new SpeculationOptions());
        var elements = new float[server.Range.Length];
        var (frames, steps) = (new List<double>(), new List<double>());
        var now = TimeSpan.Zero;
        server.Coordinator.Begin(server.Round, now);
        for (var step = 0; step < Steps - 1; step++)
        {
            var halves = new[] { 0, slices / 2 }.Select(first => Frame.Create(
                new FrameHeader(
                    FrameKind.Contribution, Frame.Fp32, RunId, step, first, slices / 2, server.Range.Start, server.Range.Length),
                elements).Bytes).ToArray();
            var begun = Stopwatch.GetTimestamp();
            var isAccepted = Array.TrueForAll(halves, half => server.Receive(half).IsAccepted);
            frames.Add(Stopwatch.GetElapsedTime(begun).TotalMicroseconds / halves.Length);
            Debug.Assert(isAccepted, "the frames are those of the step");
            begun = Stopwatch.GetTimestamp();
            server.Coordinator.Complete(now);
            server.ApplyStep();
            server.Advance();
            server.Coordinator.Begin(server.Round, now);
            _ = server.Weights;
            steps.Add(Stopwatch.GetElapsedTime(begun).TotalMicroseconds);
            now += TimeSpan.FromMilliseconds(1);
        }

        // The first steps pay for compiling and for the order of the epoch.
        return (Medians.Of(frames.Skip(Steps / 3)), Medians.Of(steps.Skip(Steps / 3)));
    }
}
