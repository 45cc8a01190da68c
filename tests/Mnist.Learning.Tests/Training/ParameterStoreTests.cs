using System.Buffers;
using Mnist.Learning.Models;
using Mnist.Learning.Specification;
using Mnist.Learning.Tests.Specification;
using Mnist.Learning.Training;

namespace Mnist.Learning.Tests.Training;

public class ParameterStoreTests
{
    private static readonly ModelLayout Layout = TestData.Layout;

    [Theory]
    [InlineData("adam", 0)]
    [InlineData("adam", 0.99f)]
    [InlineData("sgd", 0.99f)]
    public void A_vector_split_over_partitions_has_the_bits_of_one(string optimizer, float emaDecay)
    {
        var spec = Spec(optimizer, emaDecay);
        var whole = Started(spec, 0, Layout.ContributionLength);
        int[] cuts = [0, 7, 52, 53, 221, 224, 230, 231, Layout.ContributionLength];
        var partitions = cuts[..^1].Zip(cuts[1..], (start, end) => Started(spec, start, end - start)).ToArray();
        for (var step = 0; step < 12; step++)
        {
            var contribution = Contribution(step);
            whole.Apply(contribution, 128);
            foreach (var partition in partitions)
            {
                partition.Apply(contribution.AsSpan(partition.Start, partition.Length), 128);
            }
        }

        Assert.Equal(whole.State.ToArray(), partitions.SelectMany(partition => partition.State.ToArray()));
        Assert.Equal(whole.EvaluationState.ToArray(), partitions.SelectMany(partition => partition.EvaluationState.ToArray()));
        Assert.Equal(whole.Epochs[^1].LossSum, partitions.Sum(partition => partition.Epochs[^1].LossSum));
        Assert.Equal(whole.Epochs[^1].Correct, partitions.Sum(partition => partition.Epochs[^1].Correct));
        Assert.NotEqual(0, whole.Epochs[^1].LossSum);
    }

    [Fact]
    public void Initial_weights_are_uniform_within_the_bound_of_their_fan_in()
    {
        var state = Started(Spec(), 0, Layout.ContributionLength).State.ToArray();
        float[] Tensor(string name)
        {
            var tensor = Layout.Tensors.Single(tensor => tensor.Name == name);
            return state[tensor.Offset..(tensor.Offset + tensor.Length)];
        }

        Assert.All(Tensor("conv1.weight"), weight => Assert.InRange(Math.Abs(weight), 0, 1 / 3f));
        Assert.All(Tensor("conv1.bias"), weight => Assert.InRange(Math.Abs(weight), 0, 1 / 3f));
        Assert.All(Tensor("fc.weight"), weight => Assert.InRange(Math.Abs(weight), 0, 0.25f));
        Assert.InRange(Tensor("fc.weight").Select(weight => weight * weight).Average(), 0.7f / 48, 1.3f / 48);
        Assert.Equal(160, Tensor("fc.weight").Distinct().Count());
        Assert.All(Tensor("bn1.weight"), weight => Assert.Equal(1, weight));
        Assert.All(Tensor("bn1.bias"), weight => Assert.Equal(0, weight));
        Assert.All(Tensor("bn1.running_mean"), weight => Assert.Equal(0, weight));
        Assert.All(Tensor("bn1.running_var"), weight => Assert.Equal(1, weight));
    }

    [Fact]
    public void Every_tensor_of_every_network_starts_with_a_spread_or_the_constant_of_its_kind()
    {
        foreach (var name in Networks.Names)
        {
            var layout = Networks.Create(name).Layout;
            var store = new ParameterStore(TestRuns.Create(name), layout);
            store.Initialize();
            foreach (var tensor in layout.Tensors)
            {
                var values = store.State.Slice(tensor.Offset, tensor.Length).ToArray();
                if (tensor.Name.StartsWith("bn", StringComparison.Ordinal))
                {
                    var expected = tensor.Name.Split('.')[1] is "weight" or "running_var" ? 1 : 0;
                    Assert.All(values, value => Assert.Equal(expected, value));
                }
                else
                {
                    Assert.True(values.Distinct().Count() > values.Length / 2, $"{name} {tensor.Name}");
                }
            }
        }
    }

    [Fact]
    public void Initial_weights_depend_on_the_seed()
    {
        var other = Spec() with { Seed = 2 };

        Assert.Equal(Started(Spec()).State.ToArray(), Started(Spec()).State.ToArray());
        Assert.NotEqual(Started(Spec()).State.ToArray(), Started(other).State.ToArray());
    }

    [Fact]
    public void Running_statistics_move_a_tenth_of_the_way_to_the_mean_of_the_step()
    {
        var store = Started(Spec());
        var contribution = new float[Layout.ContributionLength];
        contribution[220] = 128 * 3;
        contribution[225] = 128 * 5;

        store.Apply(contribution, 128);

        Assert.Equal(0.3f, store.State[220], 1e-6f);
        Assert.Equal(1.4f, store.State[225], 1e-6f);
        Assert.Equal(0, store.State[221]);
    }

    [Fact]
    public void The_average_follows_the_state_closely_at_first_and_slowly_later()
    {
        var store = Started(Spec(emaDecay: 0.4f));
        var average = store.EvaluationState.ToArray();
        Assert.Equal(store.State.ToArray(), average);
        for (var step = 0; step < 8; step++)
        {
            store.Apply(Contribution(step), 128);

            var decay = Math.Min(0.4, (1.0 + step) / (10.0 + step));
            for (var i = 0; i < average.Length; i++)
            {
                average[i] = (float)((decay * average[i]) + ((1 - decay) * store.State[i]));
            }

            Assert.Equal(average, store.EvaluationState.ToArray(), (x, y) => Math.Abs(x - y) < 1e-6f);
        }
    }

    [Fact]
    public void Without_an_average_the_state_itself_is_evaluated()
    {
        var store = Started(Spec());
        store.Apply(Contribution(0), 128);

        Assert.True(store.State == store.EvaluationState);
    }

    [Fact]
    public void Totals_are_kept_for_every_epoch()
    {
        // 1,000 samples make 8 steps an epoch, the last of 104 samples.
        var spec = Spec();
        var (store, plan) = (Started(spec), new SlicePlan(spec));
        var contribution = new float[Layout.ContributionLength];
        while (!store.IsFinished)
        {
            var samples = plan.SamplesInStep(store.Step);
            contribution[Layout.LossIndex] = 0.5f * samples;
            contribution[Layout.CorrectIndex] = samples / 2;
            store.Apply(contribution, samples);
        }

        Assert.Equal([new EpochTotals(0, 1_000, 500, 500), new EpochTotals(1, 1_000, 500, 500)], store.Epochs);
        Assert.Equal((0.5, 0.5), (store.Epochs[0].MeanLoss, store.Epochs[0].Accuracy));
        Assert.Throws<InvalidOperationException>(() => store.Apply(contribution, 1));
    }

    [Theory]
    [InlineData("adam", 0)]
    [InlineData("adam", 0.99f)]
    [InlineData("sgd", 0)]
    public void A_store_that_was_saved_and_loaded_goes_on_with_the_same_bits(string optimizer, float emaDecay)
    {
        var spec = Spec(optimizer, emaDecay);
        var original = Trained(spec, steps: 10);

        var loaded = new ParameterStore(spec, Layout);
        loaded.Load(Saved(original), "checkpoint");

        Assert.Equal(10, loaded.Step);
        Assert.Equal(original.Epochs, loaded.Epochs);
        for (var step = 10; step < 13; step++)
        {
            original.Apply(Contribution(step), 128);
            loaded.Apply(Contribution(step), 128);
        }

        Assert.Equal(Saved(original), Saved(loaded));
        Assert.Equal(original.State.ToArray(), loaded.State.ToArray());
    }

    [Fact]
    public void Damage_anywhere_is_noticed_and_changes_nothing()
    {
        var spec = Spec();
        var section = Saved(Trained(spec, steps: 3));
        var store = Trained(spec, steps: 1);
        var before = Saved(store);
        for (var i = 0; i < section.Length; i++)
        {
            section[i] ^= 0x10;
            AssertRefused(store, section, "file: ");
            section[i] ^= 0x10;
        }

        for (var length = 0; length < section.Length; length += 9)
        {
            AssertRefused(store, section[..length], "file: ");
        }

        AssertRefused(store, [.. section, 0], "file: is damaged or cut off");
        Assert.Equal(before, Saved(store));
        store.Load(section, "file");
        Assert.Equal(section, Saved(store));
    }

    [Fact]
    public void A_checkpoint_of_another_run_range_or_kind_is_refused_by_name()
    {
        var spec = Spec();
        var section = Saved(Trained(spec, steps: 3));

        AssertRefused(new ParameterStore(spec with { Seed = 9 }, Layout), section, "file: is of a run with specification ");
        AssertRefused(new ParameterStore(spec, Layout, 0, 100), section, "file: holds 232 elements from 0, expected 100 from 0");
        AssertRefused(new ParameterStore(spec, Layout), new byte[500], "file: is no checkpoint of a parameter store");
        AssertRefused(new ParameterStore(spec, Layout), [], "file: has 0 bytes, expected at least");
    }

    private static void AssertRefused(ParameterStore store, byte[] section, string message)
    {
        var exception = Assert.Throws<InvalidInputException>(() => store.Load(section, "file"));
        Assert.StartsWith(message, exception.Message, StringComparison.Ordinal);
    }

    private static RunSpec Spec(string optimizer = "adam", float emaDecay = 0) =>
        TestRuns.Create(overrides: new RunOverrides { Optimizer = optimizer, EmaDecay = emaDecay, WeightDecay = 0.001f });

    private static ParameterStore Started(RunSpec spec) => Started(spec, 0, Layout.ContributionLength);

    private static ParameterStore Started(RunSpec spec, int start, int length)
    {
        var store = new ParameterStore(spec, Layout, start, length);
        store.Initialize();
        return store;
    }

    private static ParameterStore Trained(RunSpec spec, int steps)
    {
        var store = Started(spec);
        for (var step = 0; step < steps; step++)
        {
            store.Apply(Contribution(step), 128);
        }

        return store;
    }

    private static byte[] Saved(ParameterStore store)
    {
        var writer = new ArrayBufferWriter<byte>();
        store.Save(writer);
        return writer.WrittenSpan.ToArray();
    }

    private static float[] Contribution(int step)
    {
        var contribution = TestData.Floats(Layout.ContributionLength, (ulong)step);
        for (var i = 0; i < contribution.Length; i++)
        {
            contribution[i] = i < 225 ? contribution[i] * 128 : Math.Abs(contribution[i]) * 128;
        }

        return contribution;
    }
}
