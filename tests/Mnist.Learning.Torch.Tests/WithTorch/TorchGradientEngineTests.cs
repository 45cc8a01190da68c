using Mnist.Learning.Models;
using Mnist.Learning.Tests.Engines;
using TorchSharp;

namespace Mnist.Learning.Torch.Tests;

public sealed class TorchGradientEngineTests
{
    [Theory]
    [InlineData("tiny")]
    [InlineData("classic")]
    public void An_empty_slice_contributes_zeros(string name)
    {
        using var engine = TorchEngines.Create(name, 4);

        Assert.All(TorchEngines.Contribution(engine, 0), value => Assert.Equal(0f, value));
        Assert.Empty(TorchEngines.Prediction(engine, 0));
    }

    [Theory]
    [InlineData("tiny")]
    [InlineData("classic")]
    public void Nothing_of_an_earlier_slice_or_state_shows_in_a_later_result(string name)
    {
        using var fresh = TorchEngines.Create(name, 16);
        using var used = TorchEngines.Create(name, 16);
        used.LoadState([.. Enumerable.Repeat(float.NaN, used.Layout.StateLength)]);
        used.ComputeContribution(
            TestInputs.Images(16, seed: 9),
            TestInputs.Labels(16),
            TestInputs.Keys(16),
            new float[used.Layout.ContributionLength],
            TestContext.Current.CancellationToken);

        Assert.InRange(AgreementTests.Error(TorchEngines.Contribution(fresh, 5), TorchEngines.Contribution(used, 5)), 0, 1e-6);
    }

    [Fact]
    public void A_cancelled_slice_is_dropped()
    {
        using var engine = TorchEngines.Create("tiny", 4);
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
        using var engine = TorchEngines.Create("mlp", 2);
        var contribution = new float[engine.Layout.ContributionLength];
        Assert.Throws<InvalidOperationException>(() => engine.Predict([], []));
        Assert.Throws<ArgumentException>(() => engine.LoadState(new float[3]));
        engine.LoadState(new float[engine.Layout.StateLength]);

        void Compute(int images, byte[] labels, int keys) =>
            engine.ComputeContribution(new float[images * 784], labels, new ulong[keys], contribution, CancellationToken.None);
        Assert.Throws<ArgumentException>(() => Compute(3, [0, 1, 2], 3));
        Assert.Throws<ArgumentException>(() => Compute(2, [0, 10], 2));
        Assert.Throws<ArgumentException>(() => engine.Predict(new float[784], new float[11]));
        engine.Dispose();
        engine.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Compute(1, [0], 1));
    }

    [Fact]
    public async Task An_engine_moves_between_threads_and_outlives_the_scope_that_it_was_made_in()
    {
        var engine = TorchEngines.Create("classic", 4);
        var expected = TorchEngines.Contribution(engine, 4);
        engine.Dispose();

        using (torch.NewDisposeScope())
        {
            engine = TorchEngines.Create("classic", 4);
        }

        var actual = await Task.Factory.StartNew(
            () => TorchEngines.Contribution(engine, 4),
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        engine.Dispose();

        Assert.InRange(AgreementTests.Error(expected, actual), 0, 1e-6);
    }

    [Fact]
    public void Cuda_is_refused_where_there_is_none()
    {
        TorchEngines.Create("mlp", 1).Dispose();
        Assert.SkipWhen(LibTorch.CudaFailure is null, "there is a graphics processor");

        Assert.Equal(
            TorchPackages.Wanted == "cuda"
                ? $"--torch-device is 'cuda', but {TorchPackages.LibTorch} finds no NVIDIA graphics processor, "
                    + "or no driver for its version of CUDA"
                : $"--torch-device is 'cuda', but {TorchPackages.LibTorch} is for CPUs: build with -p:Torch=cuda",
            GradientEnginesTests.Refusal("torch", "cuda"));
    }

    [Fact]
    public void An_engine_uses_one_thread()
    {
        TorchEngines.Create("mlp", 1).Dispose();

        Assert.Equal(1, torch.get_num_threads());
    }
}
