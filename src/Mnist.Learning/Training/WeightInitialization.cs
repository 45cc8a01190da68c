using Mnist.Learning.Models;

namespace Mnist.Learning.Training;

/// <summary>
/// Initial values of a network: a pure function of the seed and the tensor's place in the layout. Layers with weights draw
/// weights and biases uniformly from ±1/√fan-in, PyTorch's default for convolutions and dense layers (Kaiming uniform
/// with a = √5). Tensors without a fan-in are batch normalization's: weight 1, bias 0, running mean 0, running variance 1.
/// </summary>
public static class WeightInitialization
{
    /// <summary>Fills a range of the state vector.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="layout">Layout of the state.</param>
    /// <param name="start">Index in the state vector of the first element to fill.</param>
    /// <param name="state">Receives the values.</param>
    public static void Fill(ulong seed, ModelLayout layout, int start, Span<float> state)
    {
        for (var index = 0; index < layout.Tensors.Count; index++)
        {
            var tensor = layout.Tensors[index];
            var from = Math.Max(tensor.Offset, start);
            var to = Math.Min(tensor.Offset + tensor.Length, start + state.Length);
            if (from >= to)
            {
                continue;
            }

            var values = state[(from - start)..(to - start)];
            if (tensor.Kind == TensorKind.Parameter && tensor.FanIn > 0)
            {
                var key = KeyedRandom.Key(seed, RandomStream.Initialization, (ulong)index);
                FillUniform(key, tensor.FanIn, skip: from - tensor.Offset, values);
            }
            else
            {
                values.Fill(Constant(tensor));
            }
        }
    }

    private static void FillUniform(ulong key, int fanIn, int skip, Span<float> values)
    {
        var random = new KeyedRandom(key);
        for (var i = 0; i < skip; i++)
        {
            random.NextUInt64();
        }

        var bound = (float)(1 / Math.Sqrt(fanIn));
        foreach (ref var value in values)
        {
            value = bound * ((2 * random.NextSingle()) - 1);
        }
    }

    private static float Constant(TensorSpec tensor) => tensor.Kind switch
    {
        TensorKind.RunningMean => 0,
        TensorKind.RunningVariance => 1,
        _ => tensor.Name.EndsWith(".bias", StringComparison.Ordinal) ? 0 : 1,
    };
}
