namespace Mnist.Grains.Telemetry;

/// <summary>
/// Names of what training measures and traces, after OpenTelemetry's conventions: dots between namespaces, units apart from names.
/// docs/OPERATIONS.md explains each.
/// </summary>
public static class TelemetryNames
{
    /// <summary>Name of the meter and of the activity source, by which a program subscribes to them.</summary>
    public const string Source = "Mnist.Training";

    /// <summary>Seconds from a step's first call to its weights.</summary>
    public const string StepDuration = "mnist.step.duration";

    /// <summary>Training images applied to the weights.</summary>
    public const string Images = "mnist.training.images";

    /// <summary>Images a second, as last reported.</summary>
    public const string ImageRate = "mnist.training.image_rate";

    /// <summary>Seconds that a worker computes in a row.</summary>
    public const string ComputeDuration = "mnist.worker.compute.duration";

    /// <summary>Seconds that a worker waits for the others, and for the network.</summary>
    public const string WaitDuration = "mnist.worker.wait.duration";

    /// <summary>Bytes of frames that parameter servers receive and transmit.</summary>
    public const string FrameBytes = "mnist.frame.io";

    /// <summary>Rounds by which contributions lag behind the server that they reach.</summary>
    public const string Staleness = "mnist.contribution.staleness";

    /// <summary>Leases that moved from one worker to another.</summary>
    public const string LeaseMoves = "mnist.lease.moves";

    /// <summary>Slices given to a second worker because the first was late.</summary>
    public const string SpeculatedSlices = "mnist.slice.speculations";

    /// <summary>Times that a parameter server began again from a checkpoint.</summary>
    public const string Recoveries = "mnist.server.recoveries";

    /// <summary>Seconds that writing a checkpoint takes.</summary>
    public const string CheckpointDuration = "mnist.checkpoint.duration";

    /// <summary>Attribute: the run.</summary>
    public const string RunId = "mnist.run.id";

    /// <summary>Attribute: how elements are encoded in a frame.</summary>
    public const string Codec = "mnist.codec";

    /// <summary>Attribute: what became of a frame, <c>accepted</c> or <c>dropped</c>.</summary>
    public const string Outcome = "mnist.frame.outcome";

    /// <summary>Attribute: index of a worker within its run.</summary>
    public const string Worker = "mnist.worker.index";

    /// <summary>Attribute: steps applied to the weights before.</summary>
    public const string Step = "mnist.step";

    /// <summary>Attribute: epoch, from 0.</summary>
    public const string Epoch = "mnist.epoch";

    /// <summary>Attribute: number of slices.</summary>
    public const string Slices = "mnist.slice.count";

    /// <summary>Attribute of OpenTelemetry: <c>receive</c> or <c>transmit</c>.</summary>
    public const string Direction = "network.io.direction";

    /// <summary>Attribute of OpenTelemetry: the class of an error; absent where there is none.</summary>
    public const string ErrorType = "error.type";

    /// <summary>Span: a run is started or continued.</summary>
    public const string StartRun = "start_run";

    /// <summary>Span: a step, from its first call to its weights.</summary>
    public const string TrainStep = "train_step";

    /// <summary>Span: a worker computes slices.</summary>
    public const string ComputeSlices = "compute_slices";

    /// <summary>Span: a worker hands in what it computed, and waits for the next round.</summary>
    public const string Exchange = "exchange";

    /// <summary>Span: the optimizer is applied to the sum of all contributions.</summary>
    public const string ApplyGradients = "apply_gradients";
}
