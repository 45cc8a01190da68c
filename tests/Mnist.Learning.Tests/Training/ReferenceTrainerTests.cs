using System.Buffers;
using Mnist.Learning.Data;
using Mnist.Learning.Specification;
using Mnist.Learning.Tests.Specification;
using Mnist.Learning.Training;

namespace Mnist.Learning.Tests.Training;

public class ReferenceTrainerTests
{
    private const int Samples = 400;

    private static readonly Dataset Dataset = new("noise", TestData.Images(Samples, 1), TestData.Images(100, 2), TestRuns.DatasetSha256);

    [Fact]
    public void A_run_learns_and_repeats_to_the_bit()
    {
        var epochs = new List<EpochTotals>();
        var (first, second) = (Trainer(Spec(4)), Trainer(Spec(4)));

        first.Run(epochs.Add, TestContext.Current.CancellationToken);
        second.Run(cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(first.Store.IsFinished);
        Assert.Equal(4, epochs.Count);
        Assert.All(epochs, epoch => Assert.Equal(Samples, epoch.Samples));
        Assert.InRange(epochs[^1].MeanLoss, 0, 0.5 * epochs[0].MeanLoss);
        Assert.InRange(first.Evaluate(Dataset.Test, TestContext.Current.CancellationToken).Accuracy, 0.9, 1);
        Assert.Equal(first.Store.State.ToArray(), second.Store.State.ToArray());
    }

    [Fact]
    public void A_run_that_goes_on_from_a_checkpoint_ends_with_the_same_bits()
    {
        var (whole, interrupted, resumed) = (Trainer(Spec(2)), Trainer(Spec(2)), Trainer(Spec(2)));
        whole.Run(cancellationToken: TestContext.Current.CancellationToken);
        for (var step = 0; step < 3; step++)
        {
            interrupted.TrainStep(TestContext.Current.CancellationToken);
        }

        var checkpoint = new ArrayBufferWriter<byte>();
        interrupted.Store.Save(checkpoint);
        resumed.Store.Load(checkpoint.WrittenSpan, "checkpoint");
        resumed.Run(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(whole.Store.State.ToArray(), resumed.Store.State.ToArray());
        Assert.Equal(whole.Store.Epochs, resumed.Store.Epochs);
    }

    [Fact]
    public void Partitions_that_reduce_in_any_order_end_with_the_same_bits()
    {
        var spec = Spec(2);
        var reference = Trainer(spec);
        reference.Run(cancellationToken: TestContext.Current.CancellationToken);
        using var engine = new SoftmaxEngine();
        var length = engine.Layout.ContributionLength;
        int[] cuts = [0, 1_001, 5_000, length];
        var stores = cuts[..^1].Zip(cuts[1..], (start, end) => new ParameterStore(spec, engine.Layout, start, end - start)).ToArray();
        var trees = stores.Select(store => new ReductionTree(spec.Slices, store.Length)).ToArray();
        Array.ForEach(stores, store => store.Initialize());
        var plan = new SlicePlan(spec);
        var loader = new SliceLoader(spec, plan, Dataset.Training);
        var (images, labels, keys, contribution) = (new float[16 * 784], new byte[16], new ulong[16], new float[length]);
        for (var step = 0L; step < plan.TotalSteps; step++)
        {
            engine.LoadState([.. stores.SelectMany(store => store.State.ToArray())]);
            Array.ForEach(trees, tree => tree.Reset());
            for (var i = 0; i < spec.Slices; i++)
            {
                var slice = ((i * 3) + (int)step) % spec.Slices;
                var count = loader.Load(step, slice, images, labels, keys);
                engine.ComputeContribution(
                    images.AsSpan(0, count * 784), labels.AsSpan(0, count), keys, contribution, TestContext.Current.CancellationToken);
                for (var p = 0; p < stores.Length; p++)
                {
                    trees[p].Offer(slice, 1, contribution.AsSpan(stores[p].Start, stores[p].Length));
                }
            }

            for (var p = 0; p < stores.Length; p++)
            {
                stores[p].Apply(trees[p].Result, plan.SamplesInStep(step));
            }
        }

        Assert.Equal(reference.Store.State.ToArray(), stores.SelectMany(store => store.State.ToArray()));
    }

    [Fact]
    public void A_target_accuracy_ends_the_run_after_the_epoch_that_reaches_it()
    {
        var trainer = Trainer(Spec(50) with { TargetAccuracy = 0.5 });

        trainer.Run(cancellationToken: TestContext.Current.CancellationToken);

        Assert.InRange(trainer.Store.Epochs.Count, 1, 49);
        Assert.Equal(trainer.Store.Epochs.Count * trainer.Plan.StepsPerEpoch, trainer.Store.Step);
        Assert.InRange(trainer.Evaluate(Dataset.Test, TestContext.Current.CancellationToken).Accuracy, 0.5, 1);
    }

    [Fact]
    public void A_cancelled_step_is_not_applied()
    {
        var trainer = Trainer(Spec(1));
        trainer.TrainStep(TestContext.Current.CancellationToken);

        Assert.Throws<OperationCanceledException>(() => trainer.Run(cancellationToken: new CancellationToken(canceled: true)));

        Assert.Equal(1, trainer.Store.Step);
    }

    [Fact]
    public void A_slice_that_the_engine_has_no_room_for_and_a_foreign_data_set_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Trainer(Spec(1) with { GlobalBatch = 256 }));
        Assert.Throws<InvalidInputException>(() => Trainer(Spec(1) with { TrainingSamples = Samples + 1 }));
    }

    private static RunSpec Spec(int epochs) => TestRuns.Create("mlp", samples: Samples, overrides: new RunOverrides { Epochs = epochs });

    private static ReferenceTrainer Trainer(RunSpec spec) => new(spec, Dataset, new SoftmaxEngine());
}
