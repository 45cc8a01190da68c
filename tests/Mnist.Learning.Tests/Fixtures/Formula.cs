using Mnist.Learning.Models;

namespace Mnist.Learning.Tests.Fixtures;

/// <summary>The numbers of formula.py.</summary>
internal static class Formula
{
    /// <summary>Values in [low, high): MurmurHash3's finalizer of (index, salt).</summary>
    public static float[] Uniform(int salt, int length, float low = -1f, float high = 1f)
    {
        var values = new float[length];
        for (var i = 0; i < length; i++)
        {
            var h = unchecked(((uint)i * 2654435761u) + (((uint)salt * 2246822519u) + 1u));
            h ^= h >> 16;
            h *= 0x85EBCA6B;
            h ^= h >> 13;
            h *= 0xC2B2AE35;
            h ^= h >> 16;
            values[i] = low + ((high - low) * ((h >> 8) * (1f / (1 << 24))));
        }

        return values;
    }

    /// <summary>The state vector of generate.py.</summary>
    public static float[] State(ModelLayout layout)
    {
        var state = new float[layout.StateLength];
        for (var salt = 0; salt < layout.Tensors.Count; salt++)
        {
            var tensor = layout.Tensors[salt];
            var isScale = tensor.Name.EndsWith("running_var", StringComparison.Ordinal)
                || (tensor.FanIn == 0 && tensor.Name.EndsWith("weight", StringComparison.Ordinal));
            var bound = tensor.FanIn > 0 ? 1f / MathF.Sqrt(tensor.FanIn) : 0.3f;
            var values = isScale ? Uniform(salt, tensor.Length, 0.5f, 1.5f) : Uniform(salt, tensor.Length, -bound, bound);
            values.CopyTo(state, tensor.Offset);
        }

        return state;
    }
}
