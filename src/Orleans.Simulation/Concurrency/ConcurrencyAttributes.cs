namespace Orleans.Concurrency;

/// <summary>Requests for this method may start while any other request is running.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AlwaysInterleaveAttribute : Attribute
{
}

/// <summary>Requests for this method do not change the grain, so that several of them may interleave.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReadOnlyAttribute : Attribute
{
}

/// <summary>Callers do not wait for this method and never learn whether it succeeded.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OneWayAttribute : Attribute
{
}

/// <summary>All requests of this grain class may interleave (but turns still run one at a time).</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ReentrantAttribute : Attribute
{
}

/// <summary>Any number of activations of this grain class, up to a limit, share the requests of one grain.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class StatelessWorkerAttribute : Placement.PlacementAttribute
{
    /// <summary>Allows as many workers as there are processors.</summary>
    public StatelessWorkerAttribute()
        : this(-1)
    {
    }

    /// <summary>Allows a number of workers on each silo.</summary>
    /// <param name="maxLocalWorkers">The most activations on one silo; -1 for the number of processors.</param>
    public StatelessWorkerAttribute(int maxLocalWorkers)
        : base(new Runtime.StatelessWorkerPlacement(maxLocalWorkers))
    {
    }
}
