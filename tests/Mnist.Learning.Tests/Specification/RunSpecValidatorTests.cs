using Mnist.Learning.Data;
using Mnist.Learning.Specification;

namespace Mnist.Learning.Tests.Specification;

public class RunSpecValidatorTests
{
    public static TheoryData<string, Func<RunSpec, RunSpec>> Mistakes => new()
    {
        { "recipe is ''", spec => spec with { Recipe = "" } },
        { "network is 'resnet', expected one of tiny, small, wide, classic, mlp", spec => spec with { Network = "resnet" } },
        { "slices is 6, expected a power of two", spec => spec with { Slices = 6 } },
        { "slices is 0,", spec => spec with { Slices = 0 } },
        { "slices is 8192, expected a power of two from 1 to 4096", spec => spec with { Slices = 8192, GlobalBatch = 8192 } },
        { "globalBatch is 100, expected a multiple of slices, which is 8", spec => spec with { GlobalBatch = 100 } },
        { "globalBatch is 0,", spec => spec with { GlobalBatch = 0 } },
        { "epochs is 0, expected 1 to", spec => spec with { Epochs = 0 } },
        { "targetAccuracy is 1.5,", spec => spec with { TargetAccuracy = 1.5 } },
        { "targetAccuracy is NaN,", spec => spec with { TargetAccuracy = double.NaN } },
        { "optimizer.kind is 'lion', expected one of adam, sgd", spec => spec with { Optimizer = spec.Optimizer with { Kind = "lion" } } },
        { "optimizer.beta1 is 1,", spec => spec with { Optimizer = spec.Optimizer with { Beta1 = 1 } } },
        { "optimizer.beta2 is NaN,", spec => spec with { Optimizer = spec.Optimizer with { Beta2 = float.NaN } } },
        { "optimizer.epsilon is 0,", spec => spec with { Optimizer = spec.Optimizer with { Epsilon = 0 } } },
        { "optimizer.weightDecay is -1,", spec => spec with { Optimizer = spec.Optimizer with { WeightDecay = -1 } } },
        { "schedule.shape is 'step', expected one of linear,", spec => spec with { Schedule = spec.Schedule with { Shape = "step" } } },
        { "schedule.peak is 0,", spec => spec with { Schedule = spec.Schedule with { Peak = 0 } } },
        { "schedule.peak is Infinity,", spec => spec with { Schedule = spec.Schedule with { Peak = float.PositiveInfinity } } },
        { "schedule.warmupFraction is 1.1,", spec => spec with { Schedule = spec.Schedule with { WarmupFraction = 1.1f } } },
        { "augmentation.rotationDegrees is 181,", spec => spec with { Augmentation = new AugmentationSpec { RotationDegrees = 181 } } },
        { "augmentation.translationPixels is 15,", spec => spec with { Augmentation = new AugmentationSpec { TranslationPixels = 15 } } },
        { "augmentation.scale is NaN,", spec => spec with { Augmentation = new AugmentationSpec { Scale = float.NaN } } },
        { "augmentation.shearDegrees is 46,", spec => spec with { Augmentation = new AugmentationSpec { ShearDegrees = 46 } } },
        { "emaDecay is 1,", spec => spec with { EmaDecay = 1 } },
        { "consistency is 'async', expected 'sync'", spec => spec with { Consistency = "async" } },
        { "compression is 'int8', expected 'fp32'", spec => spec with { Compression = "int8" } },
        { "datasetSha256 is 'ABC'", spec => spec with { DatasetSha256 = "ABC" } },
        { "trainingSamples is 0,", spec => spec with { TrainingSamples = 0 } },
        { "validationSamples is -1,", spec => spec with { ValidationSamples = -1 } },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_field_out_of_range_is_named_with_what_was_found_and_expected(string message, Func<RunSpec, RunSpec> spoil)
    {
        var exception = Assert.Throws<InvalidInputException>(() => RunSpecValidator.Validate(spoil(TestRuns.Create())));

        Assert.StartsWith(message, exception.Message, StringComparison.Ordinal);
        Assert.Contains("expected", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public void A_specification_is_refused_for_another_data_set_or_one_that_is_too_small()
    {
        var images = new ImageSet(new byte[20 * ImageSet.PixelsPerImage], new byte[20]);
        var dataset = new Dataset("mine", images, images, TestRuns.DatasetSha256);

        RunSpecValidator.ValidateDataset(TestRuns.Create(samples: 20), dataset);
        var tooSmall = Assert.Throws<InvalidInputException>(() => RunSpecValidator.ValidateDataset(TestRuns.Create(samples: 21), dataset));
        var other = Assert.Throws<InvalidInputException>(
            () => RunSpecValidator.ValidateDataset(TestRuns.Create(samples: 20), dataset with { Sha256 = "beef" }));

        Assert.Equal("trainingSamples + validationSamples is 21, expected at most 20, the images of the training split", tooSmall.Message);
        Assert.Equal($"datasetSha256 is {TestRuns.DatasetSha256}, expected beef, the data set 'mine'", other.Message);
    }

    [Fact]
    public void Validation_images_are_the_last_of_the_training_split_and_the_target_is_measured_on_them()
    {
        byte[] labels = [0, 1, 2, 3, 4, 5, 6, 7];
        var training = new ImageSet(new byte[labels.Length * ImageSet.PixelsPerImage], labels);
        var dataset = new Dataset("mine", training, training.Slice(0, 1), TestRuns.DatasetSha256);
        var spec = TestRuns.Create(samples: 8, overrides: new RunOverrides { ValidationSamples = 3 });

        Assert.Equal([0, 1, 2, 3, 4], spec.TrainingSet(dataset).Labels.ToArray());
        Assert.Equal([5, 6, 7], spec.ValidationSet(dataset).Labels.ToArray());
        Assert.Equal([5, 6, 7], spec.EvaluationSet(dataset).Labels.ToArray());
        Assert.Same(dataset.Test, TestRuns.Create(samples: 8).EvaluationSet(dataset));
    }
}
