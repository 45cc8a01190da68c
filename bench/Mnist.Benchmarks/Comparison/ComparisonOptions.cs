namespace Mnist.Benchmarks.Comparison;

/// <summary>What to compare.</summary>
internal sealed record ComparisonOptions
{
    /// <summary>The recipe whose time to an accuracy is compared.</summary>
    public const string RaceRecipe = "tiny";

    /// <summary>The accuracy on the test split that counts.</summary>
    public const double RaceAccuracy = 0.99;

    /// <summary>Batches, over all workers; the better one of each contestant counts.</summary>
    public static IReadOnlyList<int> Batches { get; } = [64, 256];

    /// <summary>Networks whose throughput is measured.</summary>
    public required IReadOnlyList<string> Networks { get; init; }

    /// <summary>Number of runs of everything.</summary>
    public required int Runs { get; init; }

    /// <summary>How long a measurement of throughput is.</summary>
    public required double Seconds { get; init; }

    /// <summary>Whether to train <see cref="RaceRecipe"/> to its end.</summary>
    public required bool Race { get; init; }

    /// <summary>Whether PyTorch keeps activations as (n, y, x, channel).</summary>
    public required bool ChannelsLast { get; init; }

    /// <summary>The Python interpreter; null to look for one.</summary>
    public required string? Python { get; init; }
}
