using Mnist.Learning.Engines;
using Mnist.Learning.Models;

namespace Mnist.Learning.Torch.Tests;

/// <summary>
/// The engine against the SIMD engine, tensor by tensor: no element may be off by more than a part of the tensor's largest.
/// </summary>
public sealed class AgreementTests(ITestOutputHelper output)
{
    private const double Tolerance = 1e-4;

    public static TheoryData<string, int, string> Cases()
    {
        var data = new TheoryData<string, int, string>();
        foreach (var device in TorchDevices.All)
        {
            foreach (var name in Networks.Names)
            {
                data.Add(name, 16, device);
                if (device == TorchDevices.Cpu)
                {
                    data.Add(name, 5, device);
                }
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Contributions_agree(string name, int samples, string device)
    {
        using var torch = TorchEngines.Create(name, 16, device);
        using var simd = new SimdGradientEngine(Networks.Create(name), 16);
        var expected = TorchEngines.Contribution(simd, samples);
        var actual = TorchEngines.Contribution(torch, samples);

        var layout = simd.Layout;
        var worst = layout.Tensors
            .Select(tensor => (tensor.Name, Error: Error(
                expected.AsSpan(tensor.Offset, tensor.Length), actual.AsSpan(tensor.Offset, tensor.Length))))
            .Append((Name: "loss", Error: Error([expected[layout.LossIndex]], [actual[layout.LossIndex]])))
            .MaxBy(tensor => tensor.Error);
        output.WriteLine($"{worst.Name} is off by {worst.Error:E1} of its largest element");
        Assert.True(worst.Error <= Tolerance, $"{worst.Name} is off by {worst.Error:E2} of its largest element");
        Assert.Equal(expected[layout.CorrectIndex], actual[layout.CorrectIndex]);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Predictions_agree(string name, int samples, string device)
    {
        using var torch = TorchEngines.Create(name, 16, device);
        using var simd = new SimdGradientEngine(Networks.Create(name), 16);

        Assert.InRange(Error(TorchEngines.Prediction(simd, samples), TorchEngines.Prediction(torch, samples)), 0, Tolerance);
    }

    /// <summary>The largest difference as a part of the largest element; infinite where something is not a number.</summary>
    internal static double Error(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        var (largest, error) = (0.0, 0.0);
        for (var i = 0; i < expected.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(expected[i]));
            var difference = Math.Abs((double)expected[i] - actual[i]);
            error = double.IsNaN(difference) ? double.PositiveInfinity : Math.Max(error, difference);
        }

        return error / largest;
    }
}
