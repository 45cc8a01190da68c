namespace Mnist.Coordinator.Output;

/// <summary>Chooses how a training run is shown.</summary>
internal static class TrainingReporters
{
    /// <summary>The reporter for whoever reads standard output.</summary>
    public static ITrainingReporter Create(OutputMode mode) => mode switch
    {
        OutputMode.Json => new JsonReporter(),
        OutputMode.Plain => new PlainReporter(),
        _ => new LiveReporter(),
    };
}
