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
        foreach (var samples in new[] { 1, 2, 11, 12, 16, 17 })
        {
            data.Add("tiny", samples);
        }

        data.Add("tiny", 35);
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

    private static float[] Contribution(IGradientEngine engine, int samples)
    {
        var contribution = new float[engine.Layout.ContributionLength];
        Array.Fill(contribution, float.NaN);
        engine.LoadState(TestInputs.State(Networks.Create(engine.Layout.Network)));
        engine.ComputeContribution(
            TestInputs.Images(samples), TestInputs.Labels(samples), TestInputs.Keys(samples), contribution, CancellationToken.None);
        return contribution;
    }
}
