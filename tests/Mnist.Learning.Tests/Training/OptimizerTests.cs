using System.Text.Json;
using Mnist.Learning.Specification;
using Mnist.Learning.Tests.Fixtures;
using Mnist.Learning.Training;

namespace Mnist.Learning.Tests.Training;

public class OptimizerTests
{
    private static readonly JsonElement Trajectories = Fixture.Read("optimizer.json");

    [Theory]
    [InlineData("adam", 0)]
    [InlineData("adamWeightDecay", 0.02f)]
    public void Ten_steps_of_Adam_agree_with_PyTorch(string trajectory, float weightDecay)
    {
        var spec = new OptimizerSpec("adam") { WeightDecay = weightDecay };
        var (first, second) = (new float[19], new float[19]);

        Follow(trajectory, (weights, gradientSums, rate, step, scale) =>
            new Adam(spec, rate, step, scale).Update(weights, gradientSums, first, second));
    }

    [Theory]
    [InlineData("sgd", 0)]
    [InlineData("sgdWeightDecay", 0.02f)]
    public void Ten_steps_of_SGD_agree_with_PyTorch(string trajectory, float weightDecay)
    {
        var spec = new OptimizerSpec("sgd") { WeightDecay = weightDecay };
        var buffer = new float[19];

        Follow(trajectory, (weights, gradientSums, rate, _, scale) =>
            new Sgd(spec, rate, scale).Update(weights, gradientSums, buffer));
    }

    [Fact]
    public void Vector_loops_have_the_bits_of_their_scalar_references_at_every_length()
    {
        for (var length = 0; length < 70; length++)
        {
            var adam = new Adam(new OptimizerSpec("adam") { WeightDecay = 0.01f }, 0.003f, 41, 1f / 120);
            AssertSameBits(length, a => adam.Update(a[0], a[1], a[2], a[3]), a => adam.UpdateReference(a[0], a[1], a[2], a[3]));
            var sgd = new Sgd(new OptimizerSpec("sgd") { WeightDecay = 0.01f }, 0.1f, 1f / 120);
            AssertSameBits(length, a => sgd.Update(a[0], a[1], a[2]), a => sgd.UpdateReference(a[0], a[1], a[2]));
            AssertSameBits(
                length,
                a => MovingAverage.Update(a[0], a[1], 1f / 120, 0.1f),
                a => MovingAverage.UpdateReference(a[0], a[1], 1f / 120, 0.1f));
            AssertSameBits(
                length,
                a => SliceReduction.Add(a[0], a[1]),
                a => a[0] = [.. a[0].Zip(a[1], (left, right) => left + right)]);
            AssertSameBits(
                length,
                a => SliceReduction.Add(a[0], a[1], a[2], a[3], a[0]),
                a => a[0] = [.. a[0].Select((first, i) => (first + a[1][i]) + (a[2][i] + a[3][i]))]);
        }
    }

    [Fact]
    public void Spans_of_different_lengths_are_refused()
    {
        var adam = new Adam(new OptimizerSpec("adam"), 0.1f, 0, 1);
        var sgd = new Sgd(new OptimizerSpec("sgd"), 0.1f, 1);

        Assert.Throws<ArgumentException>(() => adam.Update(new float[3], new float[3], new float[3], new float[2]));
        Assert.Throws<ArgumentException>(() => sgd.Update(new float[3], new float[4], new float[3]));
        Assert.Throws<ArgumentException>(() => MovingAverage.Update(new float[3], new float[4], 1, 1));
        Assert.Throws<ArgumentException>(() => SliceReduction.Add(new float[3], new float[4]));
    }

    private static void Follow(string trajectory, Action<float[], float[], float, int, float> update)
    {
        var weights = Floats(Trajectories.GetProperty("initial"));
        var rates = Floats(Trajectories.GetProperty("learningRates"));
        var gradientSums = Trajectories.GetProperty("gradientSums").EnumerateArray().Select(Floats).ToArray();
        var expected = Trajectories.GetProperty(trajectory).EnumerateArray().Select(Floats).ToArray();
        for (var step = 0; step < expected.Length; step++)
        {
            update(weights, gradientSums[step], rates[step], step, 1f / Trajectories.GetProperty("samples").GetInt32());

            Assert.Equal(expected[step], weights, (x, y) => Math.Abs(x - y) <= 1e-6f);
        }

        Assert.Equal(10, expected.Length);
    }

    private static float[] Floats(JsonElement numbers) => [.. numbers.EnumerateArray().Select(number => number.GetSingle())];

    private static void AssertSameBits(int length, Action<float[][]> vectorized, Action<float[][]> reference)
    {
        // The last operand may be a sum of squares, which is never negative.
        float[][] Operands() =>
            [.. Enumerable.Range(0, 3).Select(i => TestData.Floats(length, (ulong)i)), [.. TestData.Floats(length, 3).Select(Math.Abs)]];
        var (actual, expected) = (Operands(), Operands());
        vectorized(actual);
        reference(expected);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i].Select(BitConverter.SingleToInt32Bits), actual[i].Select(BitConverter.SingleToInt32Bits));
        }
    }
}
