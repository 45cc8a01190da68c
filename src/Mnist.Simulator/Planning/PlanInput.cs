using Mnist.Learning.Models;
using Mnist.Learning.Specification;

namespace Mnist.Simulator.Planning;

/// <summary>A cluster and what it is to train, whatever the number of workers.</summary>
internal sealed record PlanInput
{
    /// <summary>What is trained.</summary>
    public required RunSpec Spec { get; init; }

    /// <summary>What the parts of a step cost.</summary>
    public required Calibration Calibration { get; init; }

    /// <summary>The network between silos.</summary>
    public required NetworkModel Network { get; init; }

    /// <summary>Workers on each silo, but for the last, which may have fewer.</summary>
    public required int WorkersPerSilo { get; init; }

    /// <summary>Parameter servers that share the vector.</summary>
    public int Partitions { get; init; } = 1;

    /// <summary>Steps that are measured, after those in which the run starts.</summary>
    public int Steps { get; init; } = 100;

    /// <summary>What delays are drawn from.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Layout of the network.</summary>
    public ModelLayout Layout => Networks.Create(Spec.Network).Layout;
}

/// <summary>What a cluster of some size is predicted to do.</summary>
/// <param name="Workers">Workers.</param>
/// <param name="Silos">Silos.</param>
/// <param name="Consistency">Consistency mode.</param>
/// <param name="Compression">Codec of frames.</param>
/// <param name="ImagesPerSecond">Images a second; 0 where training makes no progress.</param>
/// <param name="Efficiency">Images a second, as a part of what as many single workers would do.</param>
/// <param name="StepMilliseconds">Mean duration of a step; infinite where training makes no progress.</param>
/// <param name="ServerLoad">Part of the time that the busiest parameter server computes, 0 to 1.</param>
/// <param name="NetworkLoad">Part of what the connections of the servers' silos can carry, in the busier direction, 0 to 1.</param>
internal sealed record PlanPoint(
    int Workers, int Silos, string Consistency, string Compression, double ImagesPerSecond, double Efficiency, double StepMilliseconds,
    double ServerLoad, double NetworkLoad);
