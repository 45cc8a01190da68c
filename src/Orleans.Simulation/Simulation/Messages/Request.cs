namespace Orleans.Simulation;

/// <summary>Something that an activation starts when its rules about interleaving allow, and that may take several turns.</summary>
internal abstract class Request : WorkItem
{
    /// <summary>The activation that is to process the request.</summary>
    public Activation? Activation { get; set; }

    public Dictionary<string, object>? RequestContext { get; protected init; }

    /// <summary>May start while any other request runs.</summary>
    public bool AlwaysInterleave { get; protected init; }

    /// <summary>May start while another read-only request runs.</summary>
    public bool ReadOnly { get; protected init; }

    /// <summary>Never leaves its activation, and so is dropped with it: a timer's tick.</summary>
    public bool LocalOnly { get; protected init; }

    /// <summary>Counts as use of the activation.</summary>
    public bool KeepAlive { get; protected init; } = true;

    public override void Execute() => Activation!.Accept(this);

    public abstract ValueTask<object?> InvokeAsync(Activation activation);

    public abstract void Complete(Activation activation, object? result, Exception? exception);
}
