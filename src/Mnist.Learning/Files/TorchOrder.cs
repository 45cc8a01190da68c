using Mnist.Learning.Models;

namespace Mnist.Learning.Files;

/// <summary>
/// Tensors in PyTorch's order of elements, so that <c>load_state_dict</c> takes them as they are: convolutions are
/// (co, ci, ky, kx) instead of (ky, kx, ci, co); dense layers (out, in) instead of (in, out), and where a dense layer reads a
/// map of a convolution, its inputs run over (c, y, x) instead of (y, x, c). Vectors are the same.
/// </summary>
public static class TorchOrder
{
    /// <summary>Takes every tensor out of a state vector.</summary>
    /// <param name="layout">Where the tensors lie.</param>
    /// <param name="state">(parameters, running statistics).</param>
    public static IReadOnlyList<SafetensorsTensor> FromState(ModelLayout layout, ReadOnlySpan<float> state)
    {
        CheckLength(layout, state.Length);
        var tensors = new List<SafetensorsTensor>();
        foreach (var (spec, strides) in Plan(layout))
        {
            var values = new float[spec.Length];
            var source = state.Slice(spec.Offset, spec.Length);
            var position = 0;
            foreach (var index in strides.Indices())
            {
                values[position++] = source[index];
            }

            tensors.Add(new SafetensorsTensor(spec.Name, TorchShape(spec), values));
        }

        return tensors;
    }

    /// <summary>Puts tensors together into a state vector.</summary>
    /// <param name="layout">Where the tensors lie.</param>
    /// <param name="tensors">One for each of the layout's tensors, in any order.</param>
    /// <exception cref="InvalidInputException">A tensor is missing, unknown or of another shape.</exception>
    public static float[] ToState(ModelLayout layout, IReadOnlyList<SafetensorsTensor> tensors)
    {
        var byName = tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        var state = new float[layout.StateLength];
        foreach (var (spec, strides) in Plan(layout))
        {
            if (!byName.Remove(spec.Name, out var tensor))
            {
                throw new InvalidInputException($"tensor '{spec.Name}' of network {layout.Network} is missing");
            }

            var shape = TorchShape(spec);
            if (!tensor.Shape.SequenceEqual(shape))
            {
                throw new InvalidInputException(
                    $"tensor '{spec.Name}': shape is [{string.Join(", ", tensor.Shape)}], "
                        + $"expected [{string.Join(", ", shape)}] for network {layout.Network}");
            }

            var position = 0;
            foreach (var index in strides.Indices())
            {
                state[spec.Offset + index] = tensor.Values[position++];
            }
        }

        return byName.Count == 0
            ? state
            : throw new InvalidInputException(
                $"tensor '{byName.Keys.Order(StringComparer.Ordinal).First()}' is not one of network {layout.Network}");
    }

    private static void CheckLength(ModelLayout layout, int length)
    {
        if (length != layout.StateLength)
        {
            throw new ArgumentException($"{length} floats, expected the {layout.StateLength} of network {layout.Network}", nameof(length));
        }
    }

    private static int[] TorchShape(TensorSpec spec) => spec.Shape switch
    {
        [var ky, var kx, var ci, var co] => [co, ci, ky, kx],
        [var inputs, var outputs] => [outputs, inputs],
        _ => [.. spec.Shape],
    };

    /// <summary>For each tensor the walk over our elements that meets them in PyTorch's order.</summary>
    private static IEnumerable<(TensorSpec Spec, Walk Walk)> Plan(ModelLayout layout)
    {
        // Channels of the map that the next dense layer reads; 1 where it reads an image or another dense layer.
        var channels = 1;
        foreach (var spec in layout.Tensors)
        {
            switch (spec.Shape)
            {
                case [var ky, var kx, var ci, var co]:
                    channels = co;
                    yield return (spec, new Walk((co, 1), (ci, co), (ky, kx * ci * co), (kx, ci * co)));
                    break;
                case [var inputs, var outputs]:
                    yield return (spec, new Walk((outputs, 1), (channels, outputs), (inputs / channels, channels * outputs), (1, 0)));
                    channels = 1;
                    break;
                default:
                    yield return (spec, new Walk((spec.Length, 1), (1, 0), (1, 0), (1, 0)));
                    break;
            }
        }
    }

    /// <summary>Four nested loops, the last running fastest: how often each runs and how far it steps.</summary>
    private readonly record struct Walk(
        (int Count, int Stride) First, (int Count, int Stride) Second, (int Count, int Stride) Third, (int Count, int Stride) Fourth)
    {
        public IEnumerable<int> Indices()
        {
            for (var a = 0; a < First.Count; a++)
            {
                for (var b = 0; b < Second.Count; b++)
                {
                    for (var c = 0; c < Third.Count; c++)
                    {
                        for (var d = 0; d < Fourth.Count; d++)
                        {
                            yield return (a * First.Stride) + (b * Second.Stride) + (c * Third.Stride) + (d * Fourth.Stride);
                        }
                    }
                }
            }
        }
    }
}
