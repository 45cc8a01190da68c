namespace Mnist.Learning.Specification;

/// <summary>Values of <see cref="OptimizerSpec.Kind"/>.</summary>
public static class OptimizerKinds
{
    /// <summary>Adam (Kingma and Ba, 2015).</summary>
    public const string Adam = "adam";

    /// <summary>Stochastic gradient descent with momentum.</summary>
    public const string Sgd = "sgd";

    /// <summary>All values.</summary>
    public static IReadOnlyList<string> All { get; } = [Adam, Sgd];
}

/// <summary>Values of <see cref="ScheduleSpec.Shape"/>: how the learning rate falls after the warm-up.</summary>
public static class ScheduleShapes
{
    /// <summary>Falls linearly to 0.</summary>
    public const string Linear = "linear";

    /// <summary>Falls to 0 along half a cosine.</summary>
    public const string Cosine = "cosine";

    /// <summary>Stays at the peak.</summary>
    public const string Constant = "constant";

    /// <summary>All values.</summary>
    public static IReadOnlyList<string> All { get; } = [Linear, Cosine, Constant];
}
