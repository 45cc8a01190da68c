using Mnist.Learning.Specification;

namespace Mnist.Learning.Tests.Specification;

public class RecipesTests
{
    [Theory]
    [InlineData("tiny", 2)]
    [InlineData("small", 10)]
    [InlineData("wide", 14)]
    [InlineData("classic", 14)]
    [InlineData("mlp", 10)]
    public void Every_recipe_makes_a_valid_run_of_its_own_length(string name, int epochs)
    {
        var spec = TestRuns.Create(name, seed: 7, samples: 60_000);

        RunSpecValidator.Validate(spec);
        Assert.Equal((name, name, 7ul, epochs), (spec.Recipe, spec.Network, spec.Seed, spec.Epochs));
        Assert.Equal((60_000, 0), (spec.TrainingSamples, spec.ValidationSamples));
        Assert.Equal((128, 8, "adam"), (spec.GlobalBatch, spec.Slices, spec.Optimizer.Kind));
        Assert.Equal(("linear", 0.25f), (spec.Schedule.Shape, spec.Schedule.WarmupFraction));
    }

    [Fact]
    public void One_image_in_twelve_is_held_out_for_validation_unless_said_otherwise()
    {
        var spec = Recipes.Create("tiny", seed: 1, TestRuns.DatasetSha256, trainingCount: 60_000);

        Assert.Equal((55_000, 5_000), (spec.TrainingSamples, spec.ValidationSamples));
    }

    [Fact]
    public void Only_small_distorts_samples_and_only_small_and_wide_average_weights()
    {
        Assert.Equal(["small"], Recipes.Names.Where(name => !TestRuns.Create(name).Augmentation.IsIdentity));
        Assert.Equal(["small", "wide"], Recipes.Names.Where(name => TestRuns.Create(name).EmaDecay == 0.998f));
    }

    [Fact]
    public void An_unknown_recipe_is_refused_with_the_names_of_those_that_there_are()
    {
        var exception = Assert.Throws<InvalidInputException>(() => TestRuns.Create("huge"));

        Assert.Equal("recipe is 'huge', expected one of tiny, small, wide, classic, mlp", exception.Message);
    }

    [Fact]
    public void Overrides_replace_what_the_recipe_says()
    {
        var spec = TestRuns.Create(overrides: new RunOverrides
        {
            Epochs = 3,
            GlobalBatch = 64,
            Slices = 4,
            LearningRate = 0.5f,
            Schedule = "cosine",
            WarmupFraction = 0.1f,
            WeightDecay = 0.02f,
            EmaDecay = 0.9f,
            ValidationSamples = 100,
            TargetAccuracy = 0.98,
        });

        Assert.Equal((3, 64, 4, 0.98), (spec.Epochs, spec.GlobalBatch, spec.Slices, spec.TargetAccuracy));
        Assert.Equal(new ScheduleSpec("cosine", 0.5f, 0.1f), spec.Schedule);
        Assert.Equal((0.02f, 0.9f), (spec.Optimizer.WeightDecay, spec.EmaDecay));
        Assert.Equal((900, 100), (spec.TrainingSamples, spec.ValidationSamples));
    }

    [Fact]
    public void Another_optimizer_brings_its_own_learning_rate_unless_one_is_given()
    {
        var sgd = TestRuns.Create(overrides: new RunOverrides { Optimizer = "sgd" });
        var given = TestRuns.Create(overrides: new RunOverrides { Optimizer = "sgd", LearningRate = 0.3f });

        Assert.Equal((0.02f, 0.1f, 0.3f), (TestRuns.Create().Schedule.Peak, sgd.Schedule.Peak, given.Schedule.Peak));
    }

    [Fact]
    public void Augmentation_can_be_switched_on_and_off()
    {
        Assert.True(TestRuns.Create("small", overrides: new RunOverrides { Augmentation = false }).Augmentation.IsIdentity);
        Assert.False(TestRuns.Create("tiny", overrides: new RunOverrides { Augmentation = true }).Augmentation.IsIdentity);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(-1)]
    public void Validation_must_leave_something_to_train_on(int validationSamples)
    {
        var exception = Assert.Throws<InvalidInputException>(
            () => TestRuns.Create(overrides: new RunOverrides { ValidationSamples = validationSamples }));

        Assert.StartsWith($"validationSamples is {validationSamples}, expected 0 to 999", exception.Message, StringComparison.Ordinal);
    }
}
