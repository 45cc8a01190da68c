using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Mnist.Learning.Kernels;

/// <summary>Vector registers that kernels are compiled for. They decide the speed; the results are the same.</summary>
internal enum RegisterWidth
{
    /// <summary>Arm64, and the fallback.</summary>
    Bits128,

    /// <summary>AVX2 with FMA.</summary>
    Bits256,

    /// <summary>
    /// AVX-512 on AMD's Zen 4, which executes 512 bits as two halves and loads one such register a cycle: a broadcast for
    /// each product would then cost as much as the product, so these kernels compute in 256 bits.
    /// </summary>
    Bits512InHalves,

    /// <summary>AVX-512.</summary>
    Bits512,
}

/// <summary>What this CPU has.</summary>
internal static class Registers
{
    private const int AmdVendor = 0x68747541; // "Auth" of AuthenticAMD
    private const int Zen4Family = 0x19;

    /// <summary>The registers that kernels are fastest in.</summary>
    public static RegisterWidth Best =>
        Vector512.IsHardwareAccelerated ? (IsZen4 ? RegisterWidth.Bits512InHalves : RegisterWidth.Bits512)
        : Vector256.IsHardwareAccelerated ? RegisterWidth.Bits256
        : RegisterWidth.Bits128;

    // AMD's family is the base family 15 plus the extended family.
    private static bool IsZen4 =>
        X86Base.IsSupported
        && X86Base.CpuId(0, 0).Ebx == AmdVendor
        && ((X86Base.CpuId(1, 0).Eax >> 20) & 0xFF) + 0xF == Zen4Family;
}
