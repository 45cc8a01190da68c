namespace Mnist.Simulator.Trials;

/// <summary>Counts what happened in a trial, or in many: which faults struck, and which paths of the code were reached.</summary>
internal sealed class Coverage
{
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>All counts, by name.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    /// <summary>The count of a name.</summary>
    public long this[string name] => _counts.GetValueOrDefault(name);

    /// <summary>Counts something.</summary>
    public void Add(string name, long count = 1) => _counts[name] = _counts.GetValueOrDefault(name) + count;

    /// <summary>Adds the counts of another trial.</summary>
    public void Add(Coverage other)
    {
        foreach (var (name, count) in other._counts)
        {
            Add(name, count);
        }
    }
}

/// <summary>Names under which trials count.</summary>
internal static class CoverageNames
{
    /// <summary>Before the name of a kind of fault that struck.</summary>
    public const string Fault = "fault: ";

    /// <summary>Before the name of a log message of the grains.</summary>
    public const string Path = "path: ";

    /// <summary>A server vanished between the first slice of a training step and the last.</summary>
    public const string ServerLostMidStep = "parameter server lost mid-step";

    /// <summary>A write of a checkpoint failed, or vanished with its silo.</summary>
    public const string CheckpointLost = "checkpoint lost";

    /// <summary>A grain really had two activations.</summary>
    public const string Duplicate = "duplicate activation";

    /// <summary>A fault found nobody to strike.</summary>
    public const string Missed = "fault without a target";
}
