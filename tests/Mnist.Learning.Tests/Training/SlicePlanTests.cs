using Mnist.Learning.Specification;
using Mnist.Learning.Tests.Specification;
using Mnist.Learning.Training;

namespace Mnist.Learning.Tests.Training;

public class SlicePlanTests
{
    [Fact]
    public void Every_sample_is_in_exactly_one_slice_of_every_epoch()
    {
        var random = new KeyedRandom(KeyedRandom.Key(5));
        for (var trial = 0; trial < 200; trial++)
        {
            var slices = 1 << random.NextInt32(7);
            var batch = slices * (1 + random.NextInt32(20));
            var samples = 1 + random.NextInt32(3_000);
            var plan = Plan(samples, batch, slices, epochs: 2);

            for (var epoch = 0; epoch < 2; epoch++)
            {
                var seen = Enumerable.Range(0, plan.StepsPerEpoch)
                    .SelectMany(step => Step(plan, ((long)epoch * plan.StepsPerEpoch) + step))
                    .Order();

                Assert.Equal(Enumerable.Range(0, samples), seen);
            }
        }
    }

    [Fact]
    public void Every_step_but_an_epochs_last_is_full_and_the_last_has_the_rest()
    {
        var plan = Plan(samples: 1_003, batch: 32, slices: 8, epochs: 3);

        Assert.Equal((32, 96L), (plan.StepsPerEpoch, plan.TotalSteps));
        for (var step = 0L; step < plan.TotalSteps; step++)
        {
            Assert.Equal(plan.EndsEpoch(step) ? 1_003 - (31 * 32) : 32, plan.SamplesInStep(step));
            Assert.Equal(plan.SamplesInStep(step), Step(plan, step).Count);
            Assert.Equal((step / 32, step % 32), (plan.EpochOf(step), plan.StepWithinEpoch(step)));
        }

        Assert.Equal([2, 2, 2, 1, 1, 1, 1, 1], Enumerable.Range(0, 8).Select(slice => plan.SamplesInSlice(31, slice)));
    }

    [Fact]
    public void A_slice_takes_samples_of_its_own_shard_only()
    {
        var plan = Plan(samples: 500, batch: 40, slices: 4, epochs: 1);

        for (var slice = 0; slice < 4; slice++)
        {
            Assert.All(Slice(plan, 3, slice), sample => Assert.Equal(slice, sample % 4));
        }
    }

    [Fact]
    public void A_data_set_smaller_than_the_slices_leaves_some_empty()
    {
        var plan = Plan(samples: 3, batch: 8, slices: 8, epochs: 1);

        Assert.Equal(1, plan.TotalSteps);
        Assert.Equal([1, 1, 1, 0, 0, 0, 0, 0], Enumerable.Range(0, 8).Select(slice => plan.SamplesInSlice(0, slice)));
    }

    [Fact]
    public void The_order_depends_on_seed_epoch_and_shard()
    {
        int[] Order(ulong seed, long step, int slice) => Slice(Plan(160, 160, 2, epochs: 2, seed), step, slice);
        var order = Order(seed: 1, step: 0, slice: 0);

        Assert.Equal(order, Order(seed: 1, step: 0, slice: 0));
        Assert.NotEqual(order, Order(seed: 2, step: 0, slice: 0));
        Assert.NotEqual(order, Order(seed: 1, step: 1, slice: 0));
        Assert.NotEqual(order.Select(sample => sample / 2), Order(seed: 1, step: 0, slice: 1).Select(sample => sample / 2));
    }

    [Fact]
    public void Threads_that_share_a_plan_see_what_one_alone_sees()
    {
        var shared = Plan(samples: 400, batch: 64, slices: 8, epochs: 12);
        var alone = Plan(samples: 400, batch: 64, slices: 8, epochs: 12);
        var expected = Enumerable.Range(0, (int)alone.TotalSteps).Select(step => Step(alone, step)).ToArray();

        // Each thread walks the steps from another start, so that they ask for epochs which push each other from the cache.
        var threads = Enumerable.Range(0, 4).Select(start => new Thread(() =>
        {
            for (var i = 0; i < shared.TotalSteps; i++)
            {
                var step = (i + (start * shared.TotalSteps / 4)) % shared.TotalSteps;
                if (!expected[step].SequenceEqual(Step(shared, step)))
                {
                    expected[step] = [];
                }
            }
        })).ToArray();
        foreach (var thread in threads)
        {
            thread.Start();
        }

        foreach (var thread in threads)
        {
            thread.Join();
        }

        Assert.DoesNotContain(expected, samples => samples.Count == 0);
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(16, 0)]
    [InlineData(0, -1)]
    [InlineData(0, 8)]
    public void Steps_and_slices_out_of_range_are_refused(long step, int slice)
    {
        var plan = Plan(samples: 256, batch: 16, slices: 8, epochs: 1);

        Assert.Throws<ArgumentOutOfRangeException>(() => plan.SamplesInSlice(step, slice));
    }

    private static SlicePlan Plan(int samples, int batch, int slices, int epochs, ulong seed = 1) => new(TestRuns.Create(
        seed: seed,
        samples: samples,
        overrides: new RunOverrides { GlobalBatch = batch, Slices = slices, Epochs = epochs }));

    private static int[] Slice(SlicePlan plan, long step, int slice)
    {
        var samples = new int[plan.SliceCapacity];
        return samples[..plan.GetSlice(step, slice, samples)];
    }

    private static List<int> Step(SlicePlan plan, long step) =>
        [.. Enumerable.Range(0, plan.Slices).SelectMany(slice => Slice(plan, step, slice))];
}
