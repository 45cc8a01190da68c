using Mnist.Learning.Specification;
using Mnist.Simulator.Planning;

namespace Mnist.Simulator.Tests.Planning;

/// <summary>Clusters whose parts cost round numbers, and nothing else.</summary>
internal static class Clusters
{
    public const double SliceMicroseconds = 10_000;

    public static Calibration Calibration { get; } = new()
    {
        Recipe = "tiny",
        ImagesPerSlice = 16,
        MeasuredAt = DateTimeOffset.UnixEpoch,
        Machine = "imagined",
        Cores = 2,
        AloneSlice = Spread.Constant(SliceMicroseconds),
        BusySlice = Spread.Constant(SliceMicroseconds),
        LoadMicroseconds = 0,
        CombineMicroseconds = 0,
        WorkerOverhead = Spread.Constant(0),
        Server = new ServerCosts { Call = 0, Frame = new LinearCost(0, 0), Step = new LinearCost(0, 0), StepPerSlice = 0 },
    };

    public static PlanInput Create(int slices = 8, Calibration? calibration = null) => new()
    {
        Spec = Recipes.Create(
            "tiny", 1, new string('0', 64), 60_000, new RunOverrides { Slices = slices, GlobalBatch = slices * 16 }),
        Calibration = calibration ?? Calibration,
        Network = NetworkModel.None,
        WorkersPerSilo = 2,
        Steps = 10,
    };
}
