namespace Orleans.Simulation;

/// <summary>Something that one turn of an activation does.</summary>
internal abstract class WorkItem
{
    public abstract void Execute();
}
