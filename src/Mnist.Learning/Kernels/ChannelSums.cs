using System.Runtime.CompilerServices;

namespace Mnist.Learning.Kernels;

/// <summary>
/// Sums over (n, y, x) for each channel. Element e of a sample, counted through (y, x, channel), belongs to chain e mod 64;
/// a chain runs over (n, e) in ascending order from +0. The 64/C chains of a channel are then added as a tree: the upper
/// half of the 64 onto the lower half, again and again until C are left.
/// </summary>
/// <remarks>64 chains keep the adders busy while a sum waits for the one before it.</remarks>
internal static unsafe class ChannelSums
{
    /// <summary>Number of chains; the number of channels divides it.</summary>
    public const int Chains = 64;

    /// <summary>Adds the chains up.</summary>
    /// <param name="chains">64 sums; the first <paramref name="channels"/> receive the result.</param>
    /// <param name="channels">Number of channels, a power of two up to 64.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Reduce(float* chains, int channels)
    {
        for (var half = Chains / 2; half >= channels; half /= 2)
        {
            for (var i = 0; i < half; i++)
            {
                chains[i] += chains[half + i];
            }
        }
    }

    /// <summary>Sums the elements of a map.</summary>
    /// <param name="map">(n, y, x, channel) without border; the elements of a sample are a multiple of 16.</param>
    /// <param name="samples">Number of samples.</param>
    /// <param name="chains">Receives the sums of the 64 chains.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sum<TLanes>(FeatureMap map, int samples, float* chains)
        where TLanes : struct, ILanes<TLanes>
    {
        new Span<float>(chains, Chains).Clear();
        var length = map.Shape.Length;
        for (var sample = 0; sample < samples; sample++)
        {
            var x = map.Data + ((nint)sample * map.SampleStride);
            var e = 0;
            var c0 = TLanes.Load(chains);
            var c1 = TLanes.Load(chains + 16);
            var c2 = TLanes.Load(chains + 32);
            var c3 = TLanes.Load(chains + 48);
            for (; e + Chains <= length; e += Chains)
            {
                c0 = TLanes.Add(c0, TLanes.Load(x + e));
                c1 = TLanes.Add(c1, TLanes.Load(x + e + 16));
                c2 = TLanes.Add(c2, TLanes.Load(x + e + 32));
                c3 = TLanes.Add(c3, TLanes.Load(x + e + 48));
            }

            TLanes.Store(c0, chains);
            TLanes.Store(c1, chains + 16);
            TLanes.Store(c2, chains + 32);
            TLanes.Store(c3, chains + 48);
            for (var chain = chains; e < length; e += 16, chain += 16)
            {
                TLanes.Store(TLanes.Add(TLanes.Load(chain), TLanes.Load(x + e)), chain);
            }
        }
    }

    /// <summary>Sums the squared distances of the elements of a map from a value for each channel.</summary>
    /// <param name="map">(n, y, x, channel) without border; the elements of a sample are a multiple of 16.</param>
    /// <param name="samples">Number of samples.</param>
    /// <param name="centre">The value of each channel, repeated to 64.</param>
    /// <param name="chains">Receives the sums of the 64 chains; a term is fused: d · d + sum with d = x − centre.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SumSquares<TLanes>(FeatureMap map, int samples, float* centre, float* chains)
        where TLanes : struct, ILanes<TLanes>
    {
        new Span<float>(chains, Chains).Clear();
        var length = map.Shape.Length;
        for (var sample = 0; sample < samples; sample++)
        {
            var x = map.Data + ((nint)sample * map.SampleStride);
            var e = 0;
            var c0 = TLanes.Load(chains);
            var c1 = TLanes.Load(chains + 16);
            var c2 = TLanes.Load(chains + 32);
            var c3 = TLanes.Load(chains + 48);
            for (; e + Chains <= length; e += Chains)
            {
                c0 = AddSquare(x + e, centre, c0);
                c1 = AddSquare(x + e + 16, centre + 16, c1);
                c2 = AddSquare(x + e + 32, centre + 32, c2);
                c3 = AddSquare(x + e + 48, centre + 48, c3);
            }

            TLanes.Store(c0, chains);
            TLanes.Store(c1, chains + 16);
            TLanes.Store(c2, chains + 32);
            TLanes.Store(c3, chains + 48);
            for (var lane = 0; e < length; e += 16, lane += 16)
            {
                TLanes.Store(AddSquare(x + e, centre + lane, TLanes.Load(chains + lane)), chains + lane);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static TLanes AddSquare(float* x, float* centre, TLanes sum)
        {
            var distance = TLanes.Subtract(TLanes.Load(x), TLanes.Load(centre));
            return TLanes.MultiplyAdd(distance, distance, sum);
        }
    }
}
