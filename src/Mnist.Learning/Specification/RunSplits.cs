using Mnist.Learning.Data;

namespace Mnist.Learning.Specification;

/// <summary>Which images of a data set a run trains on, and which measure it.</summary>
public static class RunSplits
{
    /// <summary>The images that the run trains on: the first of the training split.</summary>
    /// <param name="spec">A specification that was validated with the data set.</param>
    /// <param name="dataset">Data set.</param>
    public static ImageSet TrainingSet(this RunSpec spec, Dataset dataset) => dataset.Training.Slice(0, spec.TrainingSamples);

    /// <summary>The images held out for validation: the last of the training split. May be empty.</summary>
    /// <param name="spec">A specification that was validated with the data set.</param>
    /// <param name="dataset">Data set.</param>
    public static ImageSet ValidationSet(this RunSpec spec, Dataset dataset) =>
        dataset.Training.Slice(dataset.Training.Count - spec.ValidationSamples, spec.ValidationSamples);

    /// <summary>The images that the target accuracy is measured on: those for validation, or the test split where there are none.</summary>
    /// <param name="spec">A specification that was validated with the data set.</param>
    /// <param name="dataset">Data set.</param>
    public static ImageSet EvaluationSet(this RunSpec spec, Dataset dataset) =>
        spec.ValidationSamples > 0 ? spec.ValidationSet(dataset) : dataset.Test;
}
