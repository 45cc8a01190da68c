using Mnist.Learning.Models;

namespace Mnist.Learning.Tests.Files;

/// <summary>
/// A safetensors file made by PyTorch 1.13.1 (seed 5): Conv2d(1, 2, 3), max_pool2d(2), BatchNorm2d(2), ReLU, flatten, Linear(8, 3),
/// with statistics and affine terms that are not the defaults; and the network's outputs in evaluation mode for the 6×6 image
/// whose pixel i is (7 i mod 11) / 11.
/// </summary>
internal static class TorchFixture
{
    private const string Base64 = """
        QAIAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJmb3JtYXQiOiJwdCJ9LCJjb252MS53ZWlnaHQiOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6WzIsMSwzLDNdLCJk
        YXRhX29mZnNldHMiOlswLDcyXX0sImNvbnYxLmJpYXMiOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6WzJdLCJkYXRhX29mZnNldHMiOls3Miw4MF19LCJibjEu
        d2VpZ2h0Ijp7ImR0eXBlIjoiRjMyIiwic2hhcGUiOlsyXSwiZGF0YV9vZmZzZXRzIjpbODAsODhdfSwiYm4xLmJpYXMiOnsiZHR5cGUiOiJGMzIiLCJzaGFw
        ZSI6WzJdLCJkYXRhX29mZnNldHMiOls4OCw5Nl19LCJibjEucnVubmluZ19tZWFuIjp7ImR0eXBlIjoiRjMyIiwic2hhcGUiOlsyXSwiZGF0YV9vZmZzZXRz
        IjpbOTYsMTA0XX0sImJuMS5ydW5uaW5nX3ZhciI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbMl0sImRhdGFfb2Zmc2V0cyI6WzEwNCwxMTJdfSwiZGVuc2Uu
        d2VpZ2h0Ijp7ImR0eXBlIjoiRjMyIiwic2hhcGUiOlszLDhdLCJkYXRhX29mZnNldHMiOlsxMTIsMjA4XX0sImRlbnNlLmJpYXMiOnsiZHR5cGUiOiJGMzIi
        LCJzaGFwZSI6WzNdLCJkYXRhX29mZnNldHMiOlsyMDgsMjIwXX19ICAgICCzc2E+2z1/vj8Viz5OZ1o+M2WPPg7agr7WG2W+bmsiPvZPn76Grqg+e0+RPZZS
        MD0y85G+AI3ZPfvGEj4Anlg9CiikPkAEzT3sVZe+7GWPPgAAoD8AAEA/zcxMPZqZmT7NzMw9zcxMvgAAAD8AAMA/gdj1PUC2LL5jR6a+UWNOPtoGrD6sT5S+
        BUmePLXjAT769yq++26evXi+cb4LKSu+hgelvt0/Brx9qVY++xUwPhQNqj4R+56+Dy8yvfE+sD5xIm09JDDMvRwHo77+eCg+xWyJPpknkT68ipc+
        """;

    public static byte[] File => Convert.FromBase64String(Base64.ReplaceLineEndings(""));

    public static float[] Outputs => [0.46110039949417114f, 0.2643955945968628f, 0.1683761030435562f];

    /// <summary>The same network in this program's layout: another order of tensors and of their elements.</summary>
    public static ModelLayout Layout { get; } = new(
        "fixture",
        [
            new("conv1.weight", [3, 3, 1, 2], 0, TensorKind.Parameter, 9),
            new("conv1.bias", [2], 18, TensorKind.Parameter, 9),
            new("bn1.weight", [2], 20, TensorKind.Parameter, 0),
            new("bn1.bias", [2], 22, TensorKind.Parameter, 0),
            new("dense.weight", [8, 3], 24, TensorKind.Parameter, 8),
            new("dense.bias", [3], 48, TensorKind.Parameter, 8),
            new("bn1.running_mean", [2], 51, TensorKind.RunningMean, 0),
            new("bn1.running_var", [2], 53, TensorKind.RunningVariance, 0),
        ]);

    /// <summary>The network written down from the layout's definition: maps are (y, x, c).</summary>
    public static float[] Forward(float[] state)
    {
        var map = new float[2 * 2 * 2];
        for (var y = 0; y < 2; y++)
        {
            for (var x = 0; x < 2; x++)
            {
                for (var c = 0; c < 2; c++)
                {
                    var pooled = Enumerable.Range(0, 4).Max(i => Convolution(state, (2 * y) + (i / 2), (2 * x) + (i % 2), c));
                    var normalized = ((pooled - state[51 + c]) / MathF.Sqrt(state[53 + c] + 1e-5f) * state[20 + c]) + state[22 + c];
                    map[(((y * 2) + x) * 2) + c] = Math.Max(normalized, 0);
                }
            }
        }

        return [.. Enumerable.Range(0, 3).Select(o => state[48 + o] + Enumerable.Range(0, 8).Sum(i => map[i] * state[24 + (i * 3) + o]))];
    }

    private static float Convolution(float[] state, int y, int x, int c)
    {
        var sum = state[18 + c];
        for (var ky = 0; ky < 3; ky++)
        {
            for (var kx = 0; kx < 3; kx++)
            {
                var pixel = (((y + ky) * 6) + x + kx) * 7 % 11 / 11f;
                sum += pixel * state[(((ky * 3) + kx) * 2) + c];
            }
        }

        return sum;
    }
}
