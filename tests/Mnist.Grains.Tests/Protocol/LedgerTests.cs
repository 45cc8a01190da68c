using Mnist.Grains.Protocol;

namespace Mnist.Grains.Tests.Protocol;

public sealed class LedgerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(1000)]
    public void An_epoch_in_which_every_sample_was_applied_once_has_none_missing_and_none_twice(int samples)
    {
        var ledger = new Ledger(samples);
        var order = Enumerable.Range(0, samples).ToArray();
        for (var epoch = 0; epoch < 3; epoch++)
        {
            new Random(epoch).Shuffle(order);
            foreach (var slice in order.Chunk(7))
            {
                ledger.Apply(slice);
            }

            ledger.CompleteEpoch();
        }

        Assert.Equal((3L * samples, 0L, 0L), (ledger.Samples, ledger.Duplicates, ledger.Missing));
    }

    [Fact]
    public void A_slice_that_is_applied_twice_shows()
    {
        var ledger = new Ledger(100);

        ledger.Apply([5, 70, 99]);
        ledger.Apply([70, 99, 6]);

        Assert.Equal((6L, 2L), (ledger.Samples, ledger.Duplicates));
    }

    [Fact]
    public void A_sample_that_was_left_out_shows_when_the_epoch_ends()
    {
        var ledger = new Ledger(100);
        ledger.Apply([.. Enumerable.Range(0, 100).Except([0, 64, 99])]);
        Assert.Equal(0, ledger.Missing);

        ledger.CompleteEpoch();

        Assert.Equal(3, ledger.Missing);
    }

    [Fact]
    public void The_next_epoch_may_apply_the_same_samples_again()
    {
        var ledger = new Ledger(2);
        ledger.Apply([0, 1]);
        ledger.CompleteEpoch();

        ledger.Apply([0, 1]);

        Assert.Equal(0, ledger.Duplicates);
    }

    [Fact]
    public void A_sample_outside_the_epoch_is_refused()
    {
        var ledger = new Ledger(100);

        Assert.ThrowsAny<ArgumentException>(() => ledger.Apply([100]));
        Assert.ThrowsAny<ArgumentException>(() => ledger.Apply([-1]));
        Assert.Equal(0, ledger.Samples);
    }

    [Fact]
    public void Restoring_goes_back_to_what_was_saved_in_the_middle_of_an_epoch()
    {
        var ledger = new Ledger(130);
        ledger.Apply([0, 1, 129]);
        var saved = (ledger.Samples, ledger.Duplicates, ledger.Missing, Applied: ledger.Applied.ToArray());
        ledger.Apply([0, 2, 3]);
        ledger.CompleteEpoch();

        ledger.Restore(saved.Samples, saved.Duplicates, saved.Missing, saved.Applied);

        Assert.Equal((3L, 0L, 0L), (ledger.Samples, ledger.Duplicates, ledger.Missing));
        Assert.Equal(saved.Applied, ledger.Applied.ToArray());
        ledger.Apply([129, 4]);
        Assert.Equal(1, ledger.Duplicates);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Bits_of_another_number_of_samples_are_not_restored(int words)
    {
        var ledger = new Ledger(130);
        ledger.Apply([7]);

        Assert.Throws<ArgumentException>(() => ledger.Restore(9, 9, 9, new ulong[words]));

        Assert.Equal((1L, 1UL << 7), (ledger.Samples, ledger.Applied[0]));
    }
}
