using System.Buffers;
using System.IO.MemoryMappedFiles;
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
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly Header* _header;
    private readonly Slot[] _slots;

    private SharedLane(FileStream stream, int slotLength)
    {
        var size = SizeOf(slotLength);
        _file = MemoryMappedFile.CreateFromFile(
            stream, null, size, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewAccessor(0, size);
        byte* first = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref first);
        _header = (Header*)first;
        SlotLength = slotLength;
        _slots = [.. Enumerable.Range(0, Slots).Select(slot => new Slot(first + PageBytes + ((long)slot * slotLength), slotLength))];
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
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,

            // Whoever writes to a page for which there is no room any more is ended by the system.
            PreallocationSize = SizeOf(slotLength),
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            var lane = new SharedLane(new FileStream(path, options), slotLength);
            lane._header->SlotLength = slotLength;
            Volatile.Write(ref lane._header->Layout, Layout);
            return lane;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The lane that another process made, which it learns; null where there is none. The file has no name any more.</summary>
    /// <param name="path">Where it was made.</param>
    public static SharedLane? Accept(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            File.Delete(path);
            Header header = default;
            if (stream.ReadAtLeast(new Span<byte>(&header, sizeof(Header)), sizeof(Header), throwOnEndOfStream: false) < sizeof(Header)
                || header.Layout != Layout || header.SlotLength < 0 || stream.Length != SizeOf(header.SlotLength))
            {
                stream.Dispose();
                return null;
            }

            var lane = new SharedLane(stream, header.SlotLength);
            Volatile.Write(ref lane._header->IsAccepted, 1);
            return lane;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
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
    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

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
