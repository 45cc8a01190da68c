namespace Mnist.Simulator.Planning;

/// <summary>What the parts of a step cost on some machine: measured there, and everything that planning knows of it.</summary>
internal sealed record Calibration
{
    /// <summary>Recipe whose network was measured.</summary>
    public required string Recipe { get; init; }

    /// <summary>Images in a slice.</summary>
    public required int ImagesPerSlice { get; init; }

    /// <summary>When it was measured.</summary>
    public required DateTimeOffset MeasuredAt { get; init; }

    /// <summary>Where it was measured, for people.</summary>
    public required string Machine { get; init; }

    /// <summary>Cores of that machine, and threads that computed at once for <see cref="BusySlice"/>.</summary>
    public required int Cores { get; init; }

    /// <summary>A slice by the SIMD engine, alone on the machine.</summary>
    public required Spread AloneSlice { get; init; }

    /// <summary>A slice while every other core computes slices too.</summary>
    public required Spread BusySlice { get; init; }

    /// <summary>Packing the weights of a step for the engine, microseconds.</summary>
    public required double LoadMicroseconds { get; init; }

    /// <summary>Adding a slice's contribution to another's before they are sent, microseconds.</summary>
    public required double CombineMicroseconds { get; init; }

    /// <summary>
    /// What else a worker spends on a step: hand-overs between threads, checking the weights, making frames, the call's way. What the
    /// server spends is not in it.
    /// </summary>
    public required Spread WorkerOverhead { get; init; }

    /// <summary>What the parameter server spends.</summary>
    public required ServerCosts Server { get; init; }
}

/// <summary>What the parameter server spends, microseconds.</summary>
internal sealed record ServerCosts
{
    /// <summary>A call, whatever it brings.</summary>
    public required double Call { get; init; }

    /// <summary>Checking a frame and adding it to the others.</summary>
    public required LinearCost Frame { get; init; }

    /// <summary>Ending a step: the optimizer, the next weights.</summary>
    public required LinearCost Step { get; init; }

    /// <summary>Ending a step, for each of its slices: the ledger, who computes what.</summary>
    public required double StepPerSlice { get; init; }
}

/// <summary>A cost that grows with the elements of a vector.</summary>
/// <param name="Fixed">Microseconds for any vector.</param>
/// <param name="PerElement">Microseconds for each element.</param>
internal sealed record LinearCost(double Fixed, double PerElement)
{
    /// <summary>The cost of a vector, microseconds.</summary>
    public double Of(int elements) => Fixed + (PerElement * elements);

    /// <summary>The line through two measurements; it falls nowhere, and is nowhere below 0.</summary>
    public static LinearCost Through((int Elements, double Microseconds) small, (int Elements, double Microseconds) large)
    {
        var slope = Math.Max(0, (large.Microseconds - small.Microseconds) / (large.Elements - small.Elements));
        return new LinearCost(Math.Max(0, large.Microseconds - (slope * large.Elements)), slope);
    }
}
