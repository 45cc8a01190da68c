using Mnist.Benchmarks.Kernels;
using Mnist.Learning.Engines;
using Mnist.Learning.Models;

namespace Mnist.Benchmarks.Tests;

public sealed class KernelTests
{
    [Fact]
    public void The_dense_multiplications_of_all_parts_are_those_of_a_training_step()
    {
        foreach (var network in Networks.Names.Select(Networks.Create))
        {
            var total = StagePlan.Cut(network)
                .SelectMany((plan, i) => Enum.GetValues<LayerPart>().Select(part => MultiplyAdds.Of(plan, part, i == 0, gradients: 0)))
                .Sum(count => count.Dense);

            Assert.Equal(network.TrainingMultiplyAdds, total);
        }
    }

    [Fact]
    public void Taps_beside_the_image_and_elements_without_gradient_are_not_executed()
    {
        var pooled = StagePlan.Cut(Networks.Create("tiny"))[1];
        var filtered = StagePlan.Cut(Networks.Create("wide"))[1];
        var layer = (ConvolutionLayer)filtered.Weighted;

        // Too few channels for minimal filtering.
        var padded = filtered with { Weighted = layer with { Output = layer.Output with { Channels = 8 } } };

        // Of 12 × 12 pixels the outer ones lack one of three rows or columns: 34 of 36 are left in each direction.
        Assert.Equal(34 * 34 * 16 * 8, Executed(padded, LayerPart.Forward));
        Assert.Equal(34 * 34 * 16 * 8, Executed(padded, LayerPart.InputGradient));
        Assert.Equal(36 * 36 * 16 * 8, Executed(padded, LayerPart.WeightGradient));
        Assert.Equal(100 * 72, Executed(pooled, LayerPart.WeightGradient, gradients: 100));
    }

    [Fact]
    public void Minimal_filtering_multiplies_once_for_each_point_of_a_tile()
    {
        var tilesOf2 = StagePlan.Cut(Networks.Create("wide"))[1];
        var tilesOf3 = StagePlan.Cut(Networks.Create("tiny"))[2];

        // 12 × 12 outputs in 36 tiles of 16 points, and 3 × 3 outputs in one of 25.
        foreach (var part in (LayerPart[])[LayerPart.Forward, LayerPart.WeightGradient, LayerPart.InputGradient])
        {
            Assert.Equal(36 * 16 * 16 * 32, Executed(tilesOf2, part));
            Assert.Equal(25 * 16 * 32, Executed(tilesOf3, part));
        }
    }

    [Fact]
    public void Tables_leave_out_parts_that_take_no_time()
    {
        var lines = KernelText.Layers(
            "tiny",
            [
                new LayerMeasurement("conv1", LayerPart.Forward, 4, new MultiplyAdds(100_000, 80_000), 0.5),
                new LayerMeasurement("conv1", LayerPart.InputGradient, 0.0001, default, 0),
                new LayerMeasurement("fc", LayerPart.Activation, 4, default, 0),
            ]);

        Assert.Equal(
            ["| conv1 | forward | 4.00 | 50 % | 50 | 40 | 50 % |", "| fc | activation | 4.00 | 50 % |  |  |  |"], lines.Skip(2));
    }

    [Fact]
    public void The_peak_of_this_machine_is_a_number() => Assert.InRange(FmaPeak.Measure(), 0.01, 1e5);

    private static double Executed(StagePlan plan, LayerPart part, double gradients = 0) =>
        MultiplyAdds.Of(plan, part, isFirst: false, gradients).Executed;
}
