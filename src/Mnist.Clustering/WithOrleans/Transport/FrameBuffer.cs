using System.Numerics;

namespace Mnist.Clustering.Transport;

/// <summary>
/// The array of one direction of a connection: as long as the longest message so far, so that Orleans finds a whole message, or room for
/// one, in one piece. What does not fit into the first piece that it is given, it writes into blocks of 4 kB and copies once more.
/// </summary>
internal static class FrameBuffer
{
    /// <summary>Bytes at the start: membership and other small messages need no more.</summary>
    public const int Least = 64 * 1024;

    /// <summary>The longest array that is kept for the next message; a frame of <c>classic</c> has 5 MB.</summary>
    public const int MostKept = 16 * 1024 * 1024;

    /// <summary>A larger array with the same contents, from its beginning.</summary>
    /// <param name="contents">What the array has to hold.</param>
    /// <param name="room">Bytes for which there has to be room behind it.</param>
    public static byte[] Enlarge(ReadOnlySpan<byte> contents, int room)
    {
        var needed = checked(contents.Length + room);
        var length = Math.Min(BitOperations.RoundUpToPowerOf2((uint)needed), (uint)Array.MaxLength);
        var larger = GC.AllocateUninitializedArray<byte>((int)Math.Max(length, (uint)needed));
        contents.CopyTo(larger);
        return larger;
    }

    /// <summary>The array for what comes next: the same, unless it is too long to be kept.</summary>
    /// <param name="buffer">An array whose contents nobody needs any more.</param>
    public static byte[] Keep(byte[] buffer) => buffer.Length <= MostKept ? buffer : GC.AllocateUninitializedArray<byte>(Least);
}
