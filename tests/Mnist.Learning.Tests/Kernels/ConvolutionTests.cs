using Mnist.Learning.Kernels;
using Mnist.Learning.Models;

namespace Mnist.Learning.Tests.Kernels;

public sealed unsafe class ConvolutionTests
{
    /// <summary>Every convolution of every network, with odd numbers of samples, in every register width.</summary>
    public static TheoryData<string, string, int> Cases()
    {
        var data = new TheoryData<string, string, int>();
        foreach (var network in Networks.Names.Select(Networks.Create))
        {
            foreach (var layer in network.Layers.OfType<ConvolutionLayer>())
            {
                var samples = layer.MultiplyAdds > 2_000_000 ? 1 : layer.MultiplyAdds > 300_000 ? 3 : 19;
                data.Add(network.Name, layer.Weight.Name, samples);
                if (samples > 1)
                {
                    data.Add(network.Name, layer.Weight.Name, 1);
                }
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Outputs_equal_the_reference_to_the_bit(string network, string tensor, int samples)
    {
        var layer = Layer(network, tensor);
        var input = MapFiller.Values(samples * layer.Input.Length, 1);
        var weight = MapFiller.Values(layer.Weight.Length, 2);
        var bias = MapFiller.Values(layer.Output.Channels, 3);
        var expected = new float[samples * layer.Output.Length];
        ConvolutionReference.Forward(layer, samples, input, weight, bias, expected);
        foreach (var width in Enum.GetValues<RegisterWidth>())
        {
            var output = new FeatureMap(layer.Output, samples, border: 1);
            var correlation = KernelSet.For(width, layer.Output.Channels)
                .Correlation(MapFiller.Map(layer.Input, input, layer.Padding), output, layer.Kernel, layer.Padding);
            correlation.Pack(weight, bias);
            correlation.Run(samples);

            BitAssert.Equal(expected, MapFiller.Read(output, samples), $"{width}");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Input_gradients_equal_the_reference_to_the_bit(string network, string tensor, int samples)
    {
        var layer = Layer(network, tensor);
        var dout = MapFiller.Values(samples * layer.Output.Length, 4);
        var weight = MapFiller.Values(layer.Weight.Length, 5);
        if (layer.Input.Channels == 1)
        {
            // Nobody needs the gradient of the images.
            return;
        }

        var expected = new float[samples * layer.Input.Length];
        ConvolutionReference.InputGradient(layer, samples, dout, weight, expected);
        foreach (var width in Enum.GetValues<RegisterWidth>())
        {
            var din = new FeatureMap(layer.Input, samples);
            var correlation = KernelSet.For(width, layer.Input.Channels)
                .Correlation(MapFiller.Map(layer.Output, dout), din, layer.Kernel, layer.Kernel - 1 - layer.Padding);
            correlation.PackFlipped(weight);
            correlation.Run(samples);

            BitAssert.Equal(expected, MapFiller.Read(din, samples), $"{width}");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Weight_gradients_equal_the_reference_to_the_bit(string network, string tensor, int samples)
    {
        var layer = Layer(network, tensor);
        var input = MapFiller.Values(samples * layer.Input.Length, 6);
        var dout = MapFiller.Values(samples * layer.Output.Length, 7);
        var expected = new float[layer.Weight.Length];
        ConvolutionReference.WeightGradient(layer, samples, input, dout, expected);
        foreach (var width in Enum.GetValues<RegisterWidth>())
        {
            var actual = new float[layer.Weight.Length];
            fixed (float* gradient = actual)
            {
                KernelSet.For(width, layer.Output.Channels)
                    .WeightGradient(MapFiller.Map(layer.Input, input, layer.Padding), MapFiller.Map(layer.Output, dout), layer.Kernel)
                    .Run(samples, gradient);
            }

            BitAssert.Equal(expected, actual, $"{width}");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Pooling_forward_and_backward_equals_the_reference_to_the_bit(string network, string tensor, int samples)
    {
        var layer = Layer(network, tensor);
        var pooled = new MapShape(layer.Output.Height / 2, layer.Output.Width / 2, layer.Output.Channels);
        if (layer.Output.Height % 2 == 1 || layer.Input.Channels > 32)
        {
            // Maps of odd height are not pooled, nor are the widest.
            return;
        }

        var pool = new MaxPoolLayer(layer.Output, pooled);
        var input = MapFiller.Values(samples * layer.Input.Length, 8);
        var weight = MapFiller.Values(layer.Weight.Length, 9);
        var dout = MapFiller.Values(samples * pooled.Length, 10);
        var product = new float[samples * layer.Output.Length];
        ConvolutionReference.Forward(layer, samples, input, weight, [], product);
        var expected = new float[samples * pooled.Length];
        var expectedWinners = new int[samples * pooled.Length];
        MaxPoolingReference.Forward(pool, samples, product, expected, expectedWinners);
        var expectedInput = new float[samples * layer.Input.Length];
        ConvolutionReference.PooledInputGradient(layer, samples, dout, expectedWinners, weight, expectedInput);
        var expectedGradient = new float[layer.Weight.Length];
        ConvolutionReference.PooledWeightGradient(layer, samples, input, dout, expectedWinners, expectedGradient);
        foreach (var width in Enum.GetValues<RegisterWidth>())
        {
            var kernels = KernelSet.For(width, layer.Output.Channels);
            var inputMap = MapFiller.Map(layer.Input, input, layer.Padding);
            var outputMap = new FeatureMap(pooled, samples);
            var winners = new FeatureMap(pooled, samples);
            var pixel = layer.Input.Channels;
            int[] offsets = [0, pixel, inputMap.RowStride, inputMap.RowStride + pixel];
            PooledConvolutionForward?[] forward =
            [
                kernels.Correlation(inputMap, outputMap, layer.Kernel, layer.Padding),
                KernelSet.ForSums(width, pooled.Height * pooled.Width).PooledImageConvolution(layer, inputMap, outputMap),
            ];
            foreach (var convolution in forward.OfType<PooledConvolutionForward>())
            {
                convolution.Pack(weight, []);
                convolution.RunPooled(samples, winners, offsets);
                BitAssert.Equal(expected, MapFiller.Read(outputMap, samples), $"{width} pooled by {convolution}");
                Assert.Equal(
                    expectedWinners.Select(winner => offsets[winner]),
                    MapFiller.Read(winners, samples).Select(BitConverter.SingleToInt32Bits));
            }


            var doutMap = MapFiller.Map(pooled, dout);
            if (pixel > 1)
            {
                var din = new FeatureMap(layer.Input, samples);
                var inputGradient = KernelSet.ForSums(width, pixel)
                    .PooledInputGradient(doutMap, winners, din, layer.Kernel, layer.Padding);
                inputGradient.Pack(weight);
                inputGradient.Run(samples);
                BitAssert.Equal(expectedInput, MapFiller.Read(din, samples), $"{width} input gradient");
            }

            var actual = new float[layer.Weight.Length];
            WeightGradient?[] weightGradients =
            [
                KernelSet.ForLoads(width, layer.Kernel * pixel).PooledWeightGradient(inputMap, doutMap, winners, layer.Kernel),
                PooledImageWeightGradient.Fits(width, inputMap, doutMap, layer.Kernel)
                    ? new PooledImageWeightGradient(inputMap, doutMap, winners)
                    : null,
            ];
            foreach (var weightGradient in weightGradients.OfType<WeightGradient>())
            {
                fixed (float* gradient = actual)
                {
                    weightGradient.Run(samples, gradient);
                }

                BitAssert.Equal(expectedGradient, actual, $"{width} weight gradient by {weightGradient}");
            }
        }
    }

    private static ConvolutionLayer Layer(string network, string tensor) =>
        Networks.Create(network).Layers.OfType<ConvolutionLayer>().Single(layer => layer.Weight.Name == tensor);
}
