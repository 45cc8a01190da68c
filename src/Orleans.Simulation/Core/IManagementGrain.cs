namespace Orleans.Runtime;

/// <summary>Tells about the cluster. Its key is 0.</summary>
public interface IManagementGrain : IGrainWithIntegerKey
{
    /// <summary>The silos and what they are doing.</summary>
    /// <param name="onlyActive">Whether to leave out silos that are not active.</param>
    /// <returns>The status of each silo.</returns>
    Task<Dictionary<SiloAddress, SiloStatus>> GetHosts(bool onlyActive = false);

    /// <summary>How many activations each grain class has on each silo.</summary>
    /// <returns>An entry for each class and silo.</returns>
    Task<SimpleGrainStatistic[]> GetSimpleGrainStatistics();

    /// <summary>How many activations there are.</summary>
    /// <returns>The number.</returns>
    Task<int> GetTotalActivationCount();

    /// <summary>Ends activations that have been idle.</summary>
    /// <param name="ageLimit">For how long.</param>
    /// <returns>When it completes, they have been asked to end.</returns>
    Task ForceActivationCollection(TimeSpan ageLimit);
}

/// <summary>What a silo is doing.</summary>
[GenerateSerializer]
public enum SiloStatus
{
    /// <summary>Unknown.</summary>
    None = 0,

    /// <summary>It has been created.</summary>
    Created = 1,

    /// <summary>It is joining the cluster.</summary>
    Joining = 2,

    /// <summary>It runs.</summary>
    Active = 3,

    /// <summary>It stops and ends its activations.</summary>
    ShuttingDown = 4,

    /// <summary>It stops at once.</summary>
    Stopping = 5,

    /// <summary>It is gone.</summary>
    Dead = 6,
}

/// <summary>How many activations a grain class has on a silo.</summary>
[GenerateSerializer]
[Immutable]
public sealed class SimpleGrainStatistic
{
    /// <summary>The grain class.</summary>
    [Id(0)]
    public string GrainType { get; init; } = null!;

    /// <summary>The silo.</summary>
    [Id(1)]
    public SiloAddress SiloAddress { get; init; } = null!;

    /// <summary>The number of activations.</summary>
    [Id(2)]
    public int ActivationCount { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{GrainType} on {SiloAddress}: {ActivationCount}";
}
