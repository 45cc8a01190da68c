using Mnist.Learning.Kernels;
using Mnist.Learning.Models;

namespace Mnist.Learning.Tests.Kernels;

public sealed unsafe class DenseTests
{
    public static TheoryData<string, string, int> Cases()
    {
        var data = new TheoryData<string, string, int>();
        foreach (var network in Networks.Names.Select(Networks.Create))
        {
            foreach (var layer in network.Layers.OfType<DenseLayer>())
            {
                data.Add(network.Name, layer.Weight.Name, 1);
                data.Add(network.Name, layer.Weight.Name, layer.MultiplyAdds > 500_000 ? 5 : 37);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_and_backward_equal_the_reference_to_the_bit(string network, string tensor, int samples)
    {
        var layer = Networks.Create(network).Layers.OfType<DenseLayer>().Single(layer => layer.Weight.Name == tensor);
        var input = MapFiller.Values(samples * layer.Input.Length, 1);
        var weight = MapFiller.Values(layer.Weight.Length, 2);
        var bias = MapFiller.Values(layer.Bias.Length, 3);
        var dout = MapFiller.Values(samples * layer.Output.Length, 4);
        var expected = new float[dout.Length];
        var expectedInput = new float[input.Length];
        var (expectedWeight, expectedBias) = (new float[weight.Length], new float[bias.Length]);
        DenseReference.Forward(layer, samples, input, weight, bias, expected);
        DenseReference.InputGradient(layer, samples, dout, weight, expectedInput);
        DenseReference.WeightGradient(layer, samples, input, dout, expectedWeight, expectedBias);
        foreach (var width in Enum.GetValues<RegisterWidth>())
        {
            var inputMap = MapFiller.Map(layer.Input, input);
            var output = new FeatureMap(layer.Output, samples);
            var dense = KernelSet.Wide(width).Dense(inputMap, output);
            dense.Pack(weight, bias);
            dense.Forward(samples);
            BitAssert.Equal(expected, MapFiller.Read(output, samples), $"{width} output");

            var outputGradient = new FeatureMap(layer.Output, samples);
            for (var i = 0; i < dout.Length; i++)
            {
                var (sample, o) = Math.DivRem(i, layer.Output.Length);
                outputGradient.Data[(sample * outputGradient.SampleStride) + o] = dout[i];
            }

            var inputGradient = new FeatureMap(layer.Input, samples);
            dense.InputGradient(samples, outputGradient, inputGradient);
            BitAssert.Equal(expectedInput, MapFiller.Read(inputGradient, samples), $"{width} input gradient");

            var (actualWeight, actualBias) = (new float[weight.Length], new float[bias.Length]);
            fixed (float* weightGradient = actualWeight, biasGradient = actualBias)
            {
                dense.WeightGradient(samples, outputGradient, weightGradient, biasGradient);
            }

            BitAssert.Equal(expectedWeight, actualWeight, $"{width} weight gradient");
            BitAssert.Equal(expectedBias, actualBias, $"{width} bias gradient");
        }
    }
}
