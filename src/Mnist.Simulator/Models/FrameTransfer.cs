using Mnist.Grains.Contracts;

namespace Mnist.Simulator.Models;

/// <summary>
/// Gives silos frames of their own, as a silo reads them into memory of its own, and spoils them when their receiver says that it reads
/// them no more: real silos use that memory again.
/// </summary>
internal static class FrameTransfer
{
    /// <summary>What another silo gets of an argument or a result.</summary>
    public static object Copy(object value) => value switch
    {
        ExchangeRequest { Frames.Length: > 0 } request => request with { Frames = Array.ConvertAll(request.Frames, Copy) },
        ExchangeReply { Weights: { } weights } reply => reply with { Weights = Copy(weights) },
        _ => value,
    };

    private static FrameBytes Copy(FrameBytes frame) => new([.. frame.Bytes], Spoil);

    /// <summary>Neither a frame nor a number.</summary>
    private static void Spoil(byte[] bytes) => Array.Fill(bytes, byte.MaxValue);
}
