using Mnist.Learning.Kernels;
using Mnist.Learning.Models;

namespace Mnist.Learning.Tests.Kernels;

public sealed class DropoutTests
{
    private static readonly DropoutLayer Quarter = new(new MapShape(1, 1, 9216), 0.25f, 0);

    [Fact]
    public void Kept_elements_are_scaled_so_that_the_mean_stays()
    {
        var values = Ones(9216);
        Dropout.Apply(Quarter, 42, values);

        Assert.All(values, value => Assert.True(value is 0f or 1.3333334f));
        Assert.InRange(values.Average(), 0.97f, 1.03f);
    }

    [Fact]
    public void A_mask_depends_on_key_layer_and_element_only()
    {
        var (first, again, prefix) = (Ones(9216), Ones(9216), Ones(102));
        Dropout.Apply(Quarter, 42, first);
        Dropout.Apply(Quarter, 42, again);
        Dropout.Apply(Quarter, 42, prefix);

        Assert.Equal(first, again);
        Assert.Equal(first[..102], prefix);
    }

    [Fact]
    public void Vectors_drop_what_the_reference_drops_at_every_length()
    {
        for (var length = 0; length < 70; length++)
        {
            var (expected, actual) = (MapFiller.Values(length, 1), MapFiller.Values(length, 1));
            Dropout.ApplyReference(Quarter, 7, expected);
            Dropout.Apply(Quarter, 7, actual);

            BitAssert.Equal(expected, actual, $"{length} elements");
        }
    }

    [Fact]
    public void Another_key_or_layer_gives_another_mask()
    {
        var (first, otherKey, otherLayer) = (Ones(9216), Ones(9216), Ones(9216));
        Dropout.Apply(Quarter, 42, first);
        Dropout.Apply(Quarter, 43, otherKey);
        Dropout.Apply(Quarter with { Index = 1 }, 42, otherLayer);

        Assert.NotEqual(first, otherKey);
        Assert.NotEqual(first, otherLayer);
    }

    private static float[] Ones(int length) => [.. Enumerable.Repeat(1f, length)];
}
