namespace Mnist.Benchmarks.Comparison;

/// <summary>Who trains: a program with a number of workers.</summary>
internal enum Contestant
{
    /// <summary>This project with one worker.</summary>
    OneWorker,

    /// <summary>This project with two workers.</summary>
    TwoWorkers,

    /// <summary>This project's kernels in a plain loop on one thread.</summary>
    OnePlainLoop,

    /// <summary>The same on two threads, each for itself.</summary>
    TwoPlainLoops,

    /// <summary>PyTorch in one process, on one thread.</summary>
    TorchOneThread,

    /// <summary>PyTorch in one process, on two threads.</summary>
    TorchTwoThreads,

    /// <summary>PyTorch's DistributedDataParallel in two processes of one thread.</summary>
    TorchTwoProcesses,
}

/// <summary>What is said about contestants.</summary>
internal static class Contestants
{
    /// <summary>A column's head.</summary>
    public static string Name(this Contestant contestant) => contestant switch
    {
        Contestant.OneWorker => "1 worker",
        Contestant.TwoWorkers => "2 workers",
        Contestant.OnePlainLoop => "plain loop, 1 thread",
        Contestant.TwoPlainLoops => "plain loops, 2 threads",
        Contestant.TorchOneThread => "PyTorch, 1 thread",
        Contestant.TorchTwoThreads => "PyTorch, 2 threads",
        Contestant.TorchTwoProcesses => "PyTorch DDP, 2 processes",
        _ => throw new ArgumentOutOfRangeException(nameof(contestant), contestant, "unknown"),
    };

    /// <summary>Whether it is PyTorch.</summary>
    public static bool IsTorch(this Contestant contestant) => contestant >= Contestant.TorchOneThread;

    /// <summary>Whether it is the kernels without grains.</summary>
    public static bool IsPlainLoop(this Contestant contestant) =>
        contestant is Contestant.OnePlainLoop or Contestant.TwoPlainLoops;

    /// <summary>Number of processes, workers or loops.</summary>
    public static int Workers(this Contestant contestant) =>
        contestant is Contestant.TwoWorkers or Contestant.TwoPlainLoops or Contestant.TorchTwoProcesses ? 2 : 1;

    /// <summary>Threads of a process or worker.</summary>
    public static int Threads(this Contestant contestant) => contestant == Contestant.TorchTwoThreads ? 2 : 1;
}

/// <summary>What is trained in a measurement of throughput.</summary>
/// <param name="Network">Name of the network.</param>
/// <param name="Batch">Samples of a step, over all workers.</param>
internal readonly record struct Work(string Network, int Batch);

/// <summary>A measurement of throughput.</summary>
/// <param name="Run">Number of the run, from 1.</param>
/// <param name="Contestant">Who trained.</param>
/// <param name="Work">What was trained.</param>
/// <param name="ImagesPerSecond">Images of whole training steps over the seconds that these took.</param>
internal sealed record Measurement(int Run, Contestant Contestant, Work Work, double ImagesPerSecond);

/// <summary>A whole training run of a recipe.</summary>
/// <param name="Run">Number of the run, from 1; also its seed.</param>
/// <param name="Contestant">Who trained.</param>
/// <param name="TrainSeconds">Seconds of training, evaluation apart.</param>
/// <param name="Accuracy">Accuracy on the test split, 0 to 1.</param>
internal sealed record TrainedRecipe(int Run, Contestant Contestant, double TrainSeconds, double Accuracy);
