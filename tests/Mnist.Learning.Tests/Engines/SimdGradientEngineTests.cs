using Mnist.Learning.Data;
using Mnist.Learning.Engines;
using Mnist.Learning.Kernels;
using Mnist.Learning.Models;
using Mnist.Learning.Training;

namespace Mnist.Learning.Tests.Engines;

public sealed class SimdGradientEngineTests
{
    public static TheoryData<string, int> NetworksAndSliceSizes()
    {
        var data = new TheoryData<string, int>();
        foreach (var samples in new[] { 1, 2, 11, 12, 16, 17, 35 })
        {
            data.Add("tiny", samples);
        }

        data.Add("small", 1);
        data.Add("small", 7);
        data.Add("wide", 1);
        data.Add("wide", 5);
        data.Add("classic", 1);
        data.Add("classic", 3);
        data.Add("mlp", 1);
        data.Add("mlp", 33);
        return data;
    }

    [Theory]
    [MemberData(nameof(NetworksAndSliceSizes))]
    public void Contributions_equal_the_reference_to_the_bit_in_every_register_width(string name, int samples)
    {
        var network = Networks.Create(name);
        var expected = Contribution(new ReferenceGradientEngine(network, samples), samples);
        foreach (var width in Enum.GetValues<RegisterWidth>())
        {
            using var engine = new SimdGradientEngine(network, samples, width);
            BitAssert.Equal(network.Layout, expected, Contribution(engine, samples), width.ToString());
        }
    }

    [Theory]
    [MemberData(nameof(NetworksAndSliceSizes))]
    public void Predictions_equal_the_reference_to_the_bit_in_every_register_width(string name, int samples)
    {
        var network = Networks.Create(name);
        var expected = Prediction(new ReferenceGradientEngine(network, samples), samples);
        foreach (var width in Enum.GetValues<RegisterWidth>())
        {
            using var engine = new SimdGradientEngine(network, samples, width);
            BitAssert.Equal(expected, Prediction(engine, samples), width.ToString());
        }
    }

    [Theory]
    [InlineData("tiny")]
    [InlineData("wide")]
    [InlineData("classic")]
    [InlineData("mlp")]
    public void Nothing_of_an_earlier_slice_or_state_shows_in_a_later_result(string name)
    {
        using var fresh = new SimdGradientEngine(Networks.Create(name), 16);
        using var used = new SimdGradientEngine(Networks.Create(name), 64);
        var expected = Contribution(fresh, 5);
        used.LoadState([.. Enumerable.Repeat(0.01f, used.Layout.StateLength)]);
        used.ComputeContribution(
            TestInputs.Images(64, seed: 9),
            TestInputs.Labels(64),
            TestInputs.Keys(64),
            new float[used.Layout.ContributionLength],
            TestContext.Current.CancellationToken);
        used.Predict(TestInputs.Images(64, seed: 8), new float[640]);

        BitAssert.Equal(used.Layout, expected, Contribution(used, 5), name);
    }

    [Theory]
    [InlineData("tiny")]
    [InlineData("classic")]
    public void Contributions_and_predictions_do_not_disturb_each_other(string name)
    {
        using var engine = new SimdGradientEngine(Networks.Create(name), 4);
        var prediction = Prediction(engine, 3);
        var contribution = Contribution(engine, 4);
        var again = new float[prediction.Length];
        engine.Predict(TestInputs.Images(3), again);
        BitAssert.Equal(prediction, again, "prediction after a contribution");

        var contributionAgain = new float[contribution.Length];
        engine.ComputeContribution(
            TestInputs.Images(4), TestInputs.Labels(4), TestInputs.Keys(4), contributionAgain, TestContext.Current.CancellationToken);
        BitAssert.Equal(engine.Layout, contribution, contributionAgain, "contribution after a prediction");
    }

    [Fact]
    public void Predictions_do_not_depend_on_the_other_images_of_the_batch()
    {
        using var engine = new SimdGradientEngine(Networks.Create("small"), 40);
        var together = Prediction(engine, 40);
        var alone = new float[ImageSet.Classes];
        engine.Predict(TestInputs.Images(40).AsSpan(23 * ImageSet.PixelsPerImage, ImageSet.PixelsPerImage), alone);

        BitAssert.Equal(together.AsSpan(230, 10), alone, "image 23");
    }

    [Theory]
    [InlineData("tiny")]
    [InlineData("classic")]
    public void An_empty_slice_contributes_zeros(string name)
    {
        using var engine = new SimdGradientEngine(Networks.Create(name), 4);

        Assert.All(Contribution(engine, 0), value => Assert.Equal(0f, value));
        Assert.Empty(Prediction(engine, 0));
    }

    [Theory]
    [InlineData("tiny")]
    [InlineData("wide")]
    [InlineData("classic")]
    [InlineData("mlp")]
    public void Nothing_is_allocated_after_construction(string name)
    {
        using var engine = new SimdGradientEngine(Networks.Create(name), 8);
        var state = TestInputs.State(Networks.Create(name));
        var (images, labels, keys) = (TestInputs.Images(8), TestInputs.Labels(8), TestInputs.Keys(8));
        var (contribution, probabilities) = (new float[engine.Layout.ContributionLength], new float[80]);
        long Allocated()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            engine.LoadState(state);
            engine.ComputeContribution(images, labels, keys, contribution, CancellationToken.None);
            engine.Predict(images, probabilities);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Allocated();

        // Beside other tests the runtime itself now and then allocates something on this thread; the engine would do so every time.
        Assert.Contains(0L, Enumerable.Range(0, 5).Select(_ => Allocated()));
    }

    [Fact]
    public void A_cancelled_slice_is_dropped()
    {
        using var engine = new SimdGradientEngine(Networks.Create("tiny"), 4);
        engine.LoadState(TestInputs.State(Networks.Create("tiny")));

        Assert.Throws<OperationCanceledException>(() => engine.ComputeContribution(
            TestInputs.Images(4),
            TestInputs.Labels(4),
            TestInputs.Keys(4),
            new float[engine.Layout.ContributionLength],
            new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Arguments_that_do_not_fit_are_refused()
    {
        using var engine = new SimdGradientEngine(Networks.Create("mlp"), 2);
        var contribution = new float[engine.Layout.ContributionLength];
        Assert.Throws<InvalidOperationException>(() => engine.Predict([], []));
        Assert.Throws<ArgumentException>(() => engine.LoadState(new float[3]));
        engine.LoadState(new float[engine.Layout.StateLength]);

        void Compute(int images, byte[] labels, int keys) =>
            engine.ComputeContribution(new float[images * 784], labels, new ulong[keys], contribution, CancellationToken.None);
        Assert.Throws<ArgumentException>(() => Compute(3, [0, 1, 2], 3));
        Assert.Throws<ArgumentException>(() => Compute(1, [0, 1], 2));
        Assert.Throws<ArgumentException>(() => Compute(2, [0, 1], 1));
        Assert.Throws<ArgumentException>(() => Compute(2, [0, 10], 2));
        Assert.Throws<ArgumentException>(() => engine.Predict(new float[784], new float[11]));
        Assert.Throws<ArgumentException>(() => engine.Predict(new float[783], new float[10]));
        engine.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Compute(1, [0], 1));
    }

    [Fact]
    public void A_network_without_kernels_is_refused()
    {
        static NetworkBuilder Builder() => new("odd");
        Assert.All(
            [
                Builder().Relu().Dense("fc", 10),
                Builder().Convolution(5, 24).Dense("fc", 10),
                Builder().Convolution(4, 16).MaxPool().Dense("fc", 10),
                Builder().Convolution(5, 16).BatchNormalization().Dense("fc", 10),
                Builder().Convolution(5, 16).Relu().Convolution(3, 16, padding: 1).Dense("fc", 10),
                Builder().Dense("fc1", 20).Relu().Dense("fc2", 10),
            ],
            network => Assert.Throws<ArgumentException>(() => new SimdGradientEngine(network.Build(), 1)));
    }

    internal static float[] Contribution(IGradientEngine engine, int samples)
    {
        var contribution = new float[engine.Layout.ContributionLength];
        Array.Fill(contribution, float.NaN);
        engine.LoadState(TestInputs.State(Networks.Create(engine.Layout.Network)));
        engine.ComputeContribution(
            TestInputs.Images(samples), TestInputs.Labels(samples), TestInputs.Keys(samples), contribution, CancellationToken.None);
        return contribution;
    }

    internal static float[] Prediction(IGradientEngine engine, int samples)
    {
        var probabilities = new float[samples * ImageSet.Classes];
        engine.LoadState(TestInputs.State(Networks.Create(engine.Layout.Network)));
        engine.Predict(TestInputs.Images(samples), probabilities);
        return probabilities;
    }
}
