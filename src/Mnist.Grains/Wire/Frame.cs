using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using MessagePack;
using Mnist.Learning.Training;

namespace Mnist.Grains.Wire;

/// <summary>
/// A gradient or weight frame: a MessagePack array of the header's fields, a CRC-32C and one binary field with the
/// elements, so that a program in any language can read it. The checksum is over every byte before it and the elements.
/// </summary>
public sealed class Frame
{
    /// <summary>The one codec of frames in <c>sync</c> mode.</summary>
    public const string Fp32 = "fp32";

    private const int FieldCount = 10;
    private const int ChecksumLength = 5;
    private const int MaxBinaryHeaderLength = 5;
    private readonly int _checksumAt;
    private readonly int _elementsAt;

    private Frame(byte[] bytes, FrameHeader header, int checksumAt, int elementsAt)
    {
        (Bytes, Header, _checksumAt, _elementsAt) = (bytes, header, checksumAt, elementsAt);
    }

    /// <summary>The encoded frame.</summary>
    public byte[] Bytes { get; }

    /// <summary>What the frame carries.</summary>
    public FrameHeader Header { get; }

    /// <summary>The elements, within <see cref="Bytes"/>. After writing to them the frame has to be sealed.</summary>
    public Span<float> Elements => MemoryMarshal.Cast<byte, float>(Bytes.AsSpan(_elementsAt, Header.Count * sizeof(float)));

    /// <summary>Creates a frame whose elements are to be written, all of them, and then sealed.</summary>
    /// <param name="header">What the frame is to carry.</param>
    /// <param name="spare">Where its bytes are taken from; null allocates them.</param>
    public static Frame Create(in FrameHeader header, SpareFrames? spare = null)
    {
        var prefix = new ArrayBufferWriter<byte>(128);
        var writer = new MessagePackWriter(prefix);
        writer.WriteArrayHeader(FieldCount);
        writer.Write((int)header.Kind);
        writer.Write(header.Codec);
        writer.Write(header.Run);
        writer.Write(header.Step);
        writer.Write(header.FirstSlice);
        writer.Write(header.SliceCount);
        writer.Write(header.Offset);
        writer.Write(header.Count);
        writer.Flush();
        var checksumAt = prefix.WrittenCount;
        prefix.Advance(WriteChecksum(prefix.GetSpan(ChecksumLength), 0));
        prefix.Advance(WriteBinaryHeader(prefix.GetSpan(MaxBinaryHeaderLength), header.Count * sizeof(float)));
        var length = prefix.WrittenCount + (header.Count * sizeof(float));
        var bytes = spare?.Take(length) ?? GC.AllocateUninitializedArray<byte>(length);
        prefix.WrittenSpan.CopyTo(bytes);
        return new Frame(bytes, header, checksumAt, prefix.WrittenCount);
    }

    /// <summary>Creates a sealed frame around a copy of elements.</summary>
    /// <param name="header">What the frame carries; its count must be the number of elements.</param>
    /// <param name="elements">The elements.</param>
    /// <param name="spare">Where its bytes are taken from; null allocates them.</param>
    public static Frame Create(in FrameHeader header, ReadOnlySpan<float> elements, SpareFrames? spare = null)
    {
        var frame = Create(header, spare);
        elements.CopyTo(frame.Elements);
        frame.Seal();
        return frame;
    }

    /// <summary>Sets the checksum, after which the frame may be sent.</summary>
    public void Seal() => WriteChecksum(Bytes.AsSpan(_checksumAt), ComputeChecksum());

    /// <summary>Reads a frame that may come from anywhere.</summary>
    /// <param name="bytes">The encoded frame; the frame refers to it.</param>
    /// <param name="frame">The frame, when it is intact.</param>
    /// <param name="reason">What is wrong with it, otherwise.</param>
    /// <returns>True when the frame is intact. Whether it is the one that was expected is for the reader to check.</returns>
    public static bool TryRead(byte[] bytes, out Frame? frame, out string reason)
    {
        frame = null;
        try
        {
            var reader = new MessagePackReader(bytes);
            if (reader.ReadArrayHeader() is var fields && fields != FieldCount)
            {
                reason = $"has {fields} fields, expected {FieldCount}";
                return false;
            }

            var header = new FrameHeader(
                (FrameKind)reader.ReadInt32(), reader.ReadString() ?? "", reader.ReadString() ?? "", reader.ReadInt64(),
                reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
            var checksumAt = (int)reader.Consumed;
            var checksum = reader.ReadUInt32();
            if (reader.Consumed - checksumAt != ChecksumLength)
            {
                reason = "has a checksum that is not a 32-bit field";
                return false;
            }

            var elements = reader.ReadBytes() ?? ReadOnlySequence<byte>.Empty;
            return Check(bytes, header, checksumAt, checksum, reader.Consumed, elements.Length, out frame, out reason);
        }
        catch (Exception exception) when (exception is MessagePackSerializationException or EndOfStreamException or OverflowException)
        {
            reason = $"is not a MessagePack frame ({exception.Message})";
            return false;
        }
    }

    /// <summary>The codec of a frame that is known to be intact.</summary>
    /// <param name="bytes">The encoded frame.</param>
    public static string ReadCodec(byte[] bytes)
    {
        var reader = new MessagePackReader(bytes);
        _ = (reader.ReadArrayHeader(), reader.ReadInt32());
        return reader.ReadString() ?? "";
    }

    private static bool Check(
        byte[] bytes, FrameHeader header, int checksumAt, uint checksum, long consumed, long length, out Frame? frame, out string reason)
    {
        frame = null;
        if (header.Codec != Fp32)
        {
            reason = $"has the codec {header.Codec}, expected {Fp32}";
        }
        else if (length != (long)header.Count * sizeof(float))
        {
            reason = $"has {length} bytes of elements, expected {(long)header.Count * sizeof(float)}";
        }
        else if (consumed != bytes.Length)
        {
            reason = $"is {bytes.Length} bytes long, expected {consumed}";
        }
        else
        {
            var candidate = new Frame(bytes, header, checksumAt, (int)(consumed - length));
            if (candidate.ComputeChecksum() == checksum)
            {
                frame = candidate;
                reason = "";
                return true;
            }

            reason = "has a wrong checksum";
        }

        return false;
    }

    private static int WriteChecksum(Span<byte> target, uint checksum)
    {
        // A fixed five-byte field, so that it can be filled in after the elements.
        target[0] = MessagePackCode.UInt32;
        BinaryPrimitives.WriteUInt32BigEndian(target[1..], checksum);
        return ChecksumLength;
    }

    /// <summary>Begins a binary field. A <see cref="MessagePackWriter"/> would make room for all of the field's bytes to do so.</summary>
    private static int WriteBinaryHeader(Span<byte> target, int length)
    {
        switch (length)
        {
            case <= byte.MaxValue:
                (target[0], target[1]) = (MessagePackCode.Bin8, (byte)length);
                return 1 + sizeof(byte);
            case <= ushort.MaxValue:
                target[0] = MessagePackCode.Bin16;
                BinaryPrimitives.WriteUInt16BigEndian(target[1..], (ushort)length);
                return 1 + sizeof(ushort);
            default:
                target[0] = MessagePackCode.Bin32;
                BinaryPrimitives.WriteInt32BigEndian(target[1..], length);
                return MaxBinaryHeaderLength;
        }
    }

    private uint ComputeChecksum()
    {
        var crc = Crc32C.Append(uint.MaxValue, Bytes.AsSpan(0, _checksumAt));
        return ~Crc32C.Append(crc, Bytes.AsSpan(_elementsAt));
    }
}
