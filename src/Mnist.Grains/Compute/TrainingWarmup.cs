using Mnist.Grains.Protocol;
using Mnist.Grains.Wire;
using Mnist.Learning.Data;
using Mnist.Learning.Specification;

namespace Mnist.Grains.Compute;

/// <summary>
/// Computes a step whose result nobody sees, so that kernels, optimizer and frames are compiled, and an epoch's order is drawn, when
/// the first step of a run begins. Worth calling on another thread while a silo starts.
/// </summary>
public static class TrainingWarmup
{
    private const string RunId = "warm-up";

    /// <summary>Computes the step.</summary>
    /// <param name="model">What the run will be trained with.</param>
    /// <param name="spec">The run.</param>
    /// <exception cref="Learning.InvalidInputException">The data set at hand is not the specification's.</exception>
    public static void Run(ITrainingModel model, RunSpec spec)
    {
        using var computer = model.CreateComputer(spec);
        var samples = model.GetEvaluationSamples(spec).Count;
        var server = new PartitionServer(RunId, spec, model.GetLayout(spec), 0, 1, samples, new SpeculationOptions());
        server.Coordinator.Begin(server.Round, TimeSpan.Zero);
        computer.LoadState(server.Store.State);
        for (var slice = 0; slice < spec.Slices; slice++)
        {
            var frame = Frame.Create(new FrameHeader(
                FrameKind.Contribution, Frame.Fp32, RunId, server.Round.Step, slice, 1, server.Range.Start, server.Range.Length));
            computer.ComputeContribution(server.Round.Step, slice, frame.Elements, CancellationToken.None);
            frame.Seal();
            server.Receive(frame.Bytes);
        }

        computer.Evaluate(0, 1, new float[ImageSet.Classes], CancellationToken.None);
        server.Coordinator.Complete(TimeSpan.Zero);
        server.ApplyStep();
        server.Advance();
        _ = Frame.TryRead(server.Weights, out _, out _);
    }
}
