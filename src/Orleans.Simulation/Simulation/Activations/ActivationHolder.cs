namespace Orleans.Simulation;

/// <summary>Tells the services of an activation's scope which activation it is.</summary>
internal sealed class ActivationHolder
{
    public Activation? Activation { get; set; }
}
