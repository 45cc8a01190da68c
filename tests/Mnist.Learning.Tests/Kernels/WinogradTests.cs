using Mnist.Learning.Kernels;
using Mnist.Learning.Models;

namespace Mnist.Learning.Tests.Kernels;

public sealed unsafe class WinogradTests
{
    /// <summary>
    /// Every convolution of every network that is computed so, and some whose tiles do not fill what is worked on at a time, in both
    /// sizes of tiles where these fit.
    /// </summary>
    public static TheoryData<int, int, int, int, int, int, int> Cases() => CasesOf(isPooled: false, [2, 3]);

    /// <summary>Those whose outputs may be pooled: with half as many input channels, too.</summary>
    public static TheoryData<int, int, int, int, int, int, int> PooledCases() => CasesOf(isPooled: true, [2]);

    private static TheoryData<int, int, int, int, int, int, int> CasesOf(bool isPooled, int[] sizes)
    {
        var layers = Networks.Names.Select(Networks.Create).SelectMany(network => network.Layers).OfType<ConvolutionLayer>()
            .Where(layer => layer.Output.Height < 24)
            .Append(Layer(height: 12, width: 6, inputs: 16, outputs: 16, padding: 0))
            .Append(Layer(height: 6, width: 18, inputs: 32, outputs: 16, padding: 1))
            .Append(Layer(height: 4, width: 6, inputs: 8, outputs: 32, padding: 1));
        var data = new TheoryData<int, int, int, int, int, int, int>();
        foreach (var layer in layers.Where(layer => Winograd.TileSize(layer, isPooled) is not null))
        {
            var (output, samples) = (layer.Output, layer.MultiplyAdds > 300_000 ? 3 : 17);
            foreach (var size in sizes.Where(size => output.Height % size == 0 && output.Width % size == 0))
            {
                data.Add(output.Height, output.Width, layer.Input.Channels, output.Channels, layer.Padding, size, samples);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Outputs_equal_the_reference_to_the_bit(int height, int width, int inputs, int outputs, int padding, int size, int samples)
    {
        var layer = Layer(height, width, inputs, outputs, padding);
        var input = MapFiller.Values(samples * layer.Input.Length, 1);
        var weight = MapFiller.Values(layer.Weight.Length, 2);
        var bias = MapFiller.Values(outputs, 3);
        var expected = new float[samples * layer.Output.Length];
        new WinogradReference(layer, size).Forward(samples, input, weight, bias, expected);
        foreach (var registers in Enum.GetValues<RegisterWidth>())
        {
            var output = new FeatureMap(layer.Output, samples, border: 1);
            var forward = Winograd.For(registers, size)
                .Forward(layer, MapFiller.Map(layer.Input, input, padding), output, new Workspace());
            forward.Pack(weight, bias);
            forward.Run(samples);

            BitAssert.Equal(expected, MapFiller.Read(output, samples), $"{registers}");
        }
    }

    [Theory]
    [MemberData(nameof(PooledCases))]
    public void Pooled_outputs_equal_the_reference_to_the_bit(
        int height, int width, int inputs, int outputs, int padding, int size, int samples)
    {
        var layer = Layer(height, width, inputs, outputs, padding);
        var pooled = new MapShape(height / 2, width / 2, outputs);
        var input = MapFiller.Values(samples * layer.Input.Length, 8);
        var weight = MapFiller.Values(layer.Weight.Length, 9);
        var bias = MapFiller.Values(outputs, 3);
        var product = new float[samples * layer.Output.Length];
        new WinogradReference(layer, size).Forward(samples, input, weight, bias, product);
        var expected = new float[samples * pooled.Length];
        var expectedWinners = new int[samples * pooled.Length];
        MaxPoolingReference.Forward(new MaxPoolLayer(layer.Output, pooled), samples, product, expected, expectedWinners);
        int[] marks = [3, 1, 4, 15];
        foreach (var registers in Enum.GetValues<RegisterWidth>())
        {
            var (output, winners) = (new FeatureMap(pooled, samples), new FeatureMap(pooled, samples));
            var forward = Winograd.For(registers, size)
                .Forward(layer, MapFiller.Map(layer.Input, input, padding), output, new Workspace());
            forward.Pack(weight, bias);
            forward.RunPooled(samples, winners, marks);

            BitAssert.Equal(expected, MapFiller.Read(output, samples), $"{registers}");
            Assert.Equal(
                expectedWinners.Select(winner => marks[winner]),
                MapFiller.Read(winners, samples).Select(BitConverter.SingleToInt32Bits));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradients_equal_the_reference_to_the_bit(
        int height, int width, int inputs, int outputs, int padding, int size, int samples)
    {
        var layer = Layer(height, width, inputs, outputs, padding);
        var input = MapFiller.Values(samples * layer.Input.Length, 4);
        var dout = MapFiller.Values(samples * layer.Output.Length, 5);
        var weight = MapFiller.Values(layer.Weight.Length, 6);
        var (expectedInput, expectedWeight) = (new float[samples * layer.Input.Length], new float[layer.Weight.Length]);
        var reference = new WinogradReference(layer, size);
        reference.InputGradient(samples, dout, weight, expectedInput);
        reference.WeightGradient(samples, input, dout, expectedWeight);
        foreach (var registers in Enum.GetValues<RegisterWidth>())
        {
            var kernels = Winograd.For(registers, size);
            var (workspace, doutMap, din) = (new Workspace(), MapFiller.Map(layer.Output, dout), new FeatureMap(layer.Input, samples));
            var inputGradient = kernels.InputGradient(layer, doutMap, din, workspace);
            var weightGradient = kernels.WeightGradient(layer, MapFiller.Map(layer.Input, input, padding), doutMap, workspace);
            inputGradient.Pack(weight);
            inputGradient.Run(samples);
            var actualWeight = new float[layer.Weight.Length];
            fixed (float* gradient = actualWeight)
            {
                weightGradient.Run(samples, gradient);
            }

            BitAssert.Equal(expectedInput, MapFiller.Read(din, samples), $"{registers} input gradient");
            BitAssert.Equal(expectedWeight, actualWeight, $"{registers} weight gradient");
        }
    }

    /// <summary>The matrices are the right ones: another order of the same sums, which rounds a little differently.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Results_are_those_of_a_direct_convolution_but_for_rounding(int size)
    {
        const int Samples = 2;
        var layer = Layer(height: 6, width: 6, inputs: 32, outputs: 16, padding: 1);
        var random = new KeyedRandom(7);
        var (input, dout) = (Draw(ref random, Samples * layer.Input.Length), Draw(ref random, Samples * layer.Output.Length));
        var weight = Draw(ref random, layer.Weight.Length);
        var reference = new WinogradReference(layer, size);

        var (expected, actual) = (new float[dout.Length], new float[dout.Length]);
        ConvolutionReference.Forward(layer, Samples, input, weight, [], expected);
        reference.Forward(Samples, input, weight, [], actual);
        AssertClose(expected, actual);

        (expected, actual) = (new float[input.Length], new float[input.Length]);
        ConvolutionReference.InputGradient(layer, Samples, dout, weight, expected);
        reference.InputGradient(Samples, dout, weight, actual);
        AssertClose(expected, actual);

        (expected, actual) = (new float[weight.Length], new float[weight.Length]);
        ConvolutionReference.WeightGradient(layer, Samples, input, dout, expected);
        reference.WeightGradient(Samples, input, dout, actual);
        AssertClose(expected, actual);
    }

    private static float[] Draw(ref KeyedRandom random, int count)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = random.NextSingle() - 0.5f;
        }

        return values;
    }

    private static void AssertClose(float[] expected, float[] actual)
    {
        var tolerance = 3e-6f * expected.Max(Math.Abs);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second, pair.First - tolerance, pair.First + tolerance));
    }

    private static ConvolutionLayer Layer(int height, int width, int inputs, int outputs, int padding) => new(
        new MapShape(height + 2 - (2 * padding), width + 2 - (2 * padding), inputs),
        new MapShape(height, width, outputs),
        Kernel: 3,
        padding,
        new TensorSpec("weight", [3, 3, inputs, outputs], 0, TensorKind.Parameter, 9 * inputs),
        Bias: null);
}
