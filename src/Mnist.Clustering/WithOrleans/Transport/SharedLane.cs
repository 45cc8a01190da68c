using System.Buffers;
using System.Runtime.InteropServices;

namespace Mnist.Clustering.Transport;

/// <summary>
/// Memory of two processes of one machine, in which one leaves messages for the other: a page that says what there is, and slots of one
/// message each. It is a file in memory that both have mapped, and that has no name any more once both have.
/// </summary>
internal sealed unsafe class SharedLane : IDisposable
{
    /// <summary>One that is read and one that is written meanwhile.</summary>
    public const int Slots = 2;

    // Changes whenever the layout does: processes of two versions then do without.
    private const long Layout = 0x4D4E_4953_544C_0001;
    private const int PageBytes = 4096;
    private readonly MappedFile _file;
    private readonly Header* _header;
    private readonly Slot[] _slots;

    private SharedLane(MappedFile file, int slotLength)
    {
        (_file, SlotLength) = (file, slotLength);
        _header = (Header*)file.First;
        _slots = [.. Enumerable.Range(0, Slots).Select(slot => new Slot(file.First + PageBytes + ((long)slot * slotLength), slotLength))];
    }

    /// <summary>The longest message, bytes.</summary>
    public int SlotLength { get; }

    /// <summary>True when the process that reads has mapped it.</summary>
    public bool IsAccepted => Volatile.Read(ref _header->IsAccepted) != 0;

    /// <summary>The memory of a slot.</summary>
    /// <param name="slot">Its index.</param>
    public Memory<byte> this[int slot] => _slots[slot].Memory;

    /// <summary>A lane that nobody reads yet; null where there is no room for it, or a file already.</summary>
    /// <param name="path">A file, in memory.</param>
    /// <param name="slotLength">The longest message, bytes.</param>
    public static SharedLane? Create(string path, int slotLength)
    {
        if (MappedFile.Create(path, SizeOf(slotLength)) is not { } file)
        {
            return null;
        }

        var lane = new SharedLane(file, slotLength);
        lane._header->SlotLength = slotLength;
        Volatile.Write(ref lane._header->Layout, Layout);
        return lane;
    }

    /// <summary>The lane that another process made, which it learns; null where there is none. The file has no name any more.</summary>
    /// <param name="path">Where it was made.</param>
    public static SharedLane? Accept(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        var file = MappedFile.Open(path, PageBytes);
        SharedMemoryPath.Remove(path);
        if (file is null)
        {
            return null;
        }

        var header = (Header*)file.First;
        if (Volatile.Read(ref header->Layout) != Layout || header->SlotLength < 0 || file.Length != SizeOf(header->SlotLength))
        {
            file.Dispose();
            return null;
        }

        var lane = new SharedLane(file, header->SlotLength);
        Volatile.Write(ref header->IsAccepted, 1);
        return lane;
    }

    /// <summary>The index of a slot without a message; -1 where the messages of all were not released yet.</summary>
    public int FindFree()
    {
        for (var slot = 0; slot < Slots; slot++)
        {
            if (Volatile.Read(ref StateOf(slot)->IsPublished) == 0)
            {
                return slot;
            }
        }

        return -1;
    }

    /// <summary>Leaves the message that was written into a slot. Its first byte is sent after that.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="position">Bytes that were sent before, on the connection that the lane belongs to.</param>
    /// <param name="length">Bytes of the message.</param>
    public void Publish(int slot, long position, int length)
    {
        var state = StateOf(slot);
        (state->Position, state->Length) = (position, length);
        Volatile.Write(ref state->IsPublished, 1);
    }

    /// <summary>The message that was left first, of those whose first byte was received; null where there is none.</summary>
    /// <param name="received">Bytes that were received on the connection that the lane belongs to.</param>
    public SharedMessage? Find(long received)
    {
        SharedMessage? first = null;
        for (var slot = 0; slot < Slots; slot++)
        {
            var state = StateOf(slot);
            if (Volatile.Read(ref state->IsPublished) != 0 && state->Position < (first?.Position ?? received))
            {
                first = new SharedMessage(this, slot, state->Position, state->Length);
            }
        }

        return first;
    }

    /// <summary>Gives a slot back to the process that writes.</summary>
    /// <param name="slot">A slot whose message nobody reads any more.</param>
    public void Release(int slot) => Volatile.Write(ref StateOf(slot)->IsPublished, 0);

    /// <summary>Gives the memory back, which nobody may use any more.</summary>
    public void Dispose() => _file.Dispose();

    private static long SizeOf(int slotLength) => PageBytes + ((long)Slots * slotLength);

    private SlotState* StateOf(int slot) => (SlotState*)((byte*)_header + ((slot + 1) * sizeof(Header)));

    // A cache line each: the processes write at the same time.
    [StructLayout(LayoutKind.Sequential, Size = 64)]
    private struct Header
    {
        public long Layout;
        public int SlotLength;
        public int IsAccepted;
    }

    [StructLayout(LayoutKind.Sequential, Size = 64)]
    private struct SlotState
    {
        public long Position;
        public int Length;
        public int IsPublished;
    }

    /// <summary>Memory that is not the garbage collector's, and stays where it is.</summary>
    private sealed class Slot(byte* first, int length) : MemoryManager<byte>
    {
        /// <inheritdoc/>
        public override Span<byte> GetSpan() => new(first, length);

        /// <inheritdoc/>
        public override MemoryHandle Pin(int elementIndex = 0) => new(first + elementIndex);

        /// <inheritdoc/>
        public override void Unpin()
        {
        }

        /// <inheritdoc/>
        protected override void Dispose(bool disposing)
        {
        }
    }
}
