using System.Buffers.Binary;

namespace Orleans.Simulation;

/// <summary>Numbers call chains. They only need to differ from each other.</summary>
internal static class CallChain
{
    private static long _last;

    public static Guid NextId()
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Interlocked.Increment(ref _last));
        return new Guid(bytes);
    }
}
