using Mnist.Learning.Data;

namespace Mnist.Grains.Hosting;

/// <summary>What a silo that trains needs.</summary>
public sealed record TrainingHostOptions
{
    /// <summary>The data set that runs are trained on; null where the silo has a <see cref="Compute.ITrainingModel"/> already.</summary>
    public Dataset? Dataset { get; init; }

    /// <summary>Folder of the grain storage; null where the silo has storages of the names in <see cref="Grains.StorageNames"/>.</summary>
    public string? StorageDirectory { get; init; }
}
