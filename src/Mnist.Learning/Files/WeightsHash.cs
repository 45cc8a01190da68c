using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Mnist.Learning.Files;

/// <summary>What names the weights of a run: two runs with the same hash ended with the same bits.</summary>
public static class WeightsHash
{
    /// <summary>SHA-256 of a state vector as little-endian float32, lower-case hexadecimal.</summary>
    /// <param name="state">(parameters, running statistics) in the order of the network's layout.</param>
    public static string Compute(ReadOnlySpan<float> state)
    {
        var bytes = new byte[state.Length * sizeof(float)];
        for (var i = 0; i < state.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), state[i]);
        }

        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }
}
