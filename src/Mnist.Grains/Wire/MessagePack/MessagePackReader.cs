using System.Buffers;
using System.Text;

namespace MessagePack;

/// <summary>
/// Reads MessagePack values where the package of that name cannot be restored: a subset with the package's names, signatures
/// and behaviour. Bytes that are not what is asked for throw <see cref="MessagePackSerializationException"/>, bytes that are
/// missing <see cref="EndOfStreamException"/>, numbers that do not fit <see cref="OverflowException"/>. A length is believed
/// only once the bytes that it promises are there.
/// </summary>
internal ref struct MessagePackReader
{
    private const int LargestToken = 9;
    private SequenceReader<byte> _reader;

    /// <summary>Creates a reader.</summary>
    /// <param name="memory">What to read.</param>
    public MessagePackReader(ReadOnlyMemory<byte> memory)
    {
        _reader = new SequenceReader<byte>(new ReadOnlySequence<byte>(memory));
    }

    /// <summary>Creates a reader.</summary>
    /// <param name="readOnlySequence">What to read.</param>
    public MessagePackReader(scoped in ReadOnlySequence<byte> readOnlySequence)
    {
        _reader = new SequenceReader<byte>(readOnlySequence);
    }

    /// <summary>Number of bytes read so far.</summary>
    public readonly long Consumed => _reader.Consumed;

    /// <summary>Whether everything has been read.</summary>
    public readonly bool End => _reader.End;

    /// <summary>Type of the next value.</summary>
    public readonly MessagePackType NextMessagePackType => MessagePackCode.ToMessagePackType(NextCode);

    /// <summary>First byte of the next value.</summary>
    public readonly byte NextCode => _reader.TryPeek(out var code) ? code : throw new EndOfStreamException();

    /// <summary>Reads nil if it is next.</summary>
    public bool TryReadNil()
    {
        if (NextCode != MessagePackCode.Nil)
        {
            return false;
        }

        _reader.Advance(1);
        return true;
    }

    /// <summary>Reads the number of values in an array.</summary>
    public int ReadArrayHeader()
    {
        var count = ReadCount(MessagePackCode.MinFixArray, MessagePackCode.Array16, MessagePackCode.Array32);
        Require(count);
        return count;
    }

    /// <summary>Reads the number of pairs in a map.</summary>
    public int ReadMapHeader()
    {
        var count = ReadCount(MessagePackCode.MinFixMap, MessagePackCode.Map16, MessagePackCode.Map32);
        Require(2L * count);
        return count;
    }

    /// <summary>Reads a truth value.</summary>
    public bool ReadBoolean()
    {
        var code = NextCode;
        if (code is not (MessagePackCode.True or MessagePackCode.False))
        {
            throw Unexpected(code);
        }

        _reader.Advance(1);
        return code == MessagePackCode.True;
    }

    /// <summary>Reads an integer of any width that fits.</summary>
    public int ReadInt32() => checked((int)ReadInt64());

    /// <summary>Reads an integer of any width that fits.</summary>
    public uint ReadUInt32() => checked((uint)ReadInt64());

    /// <summary>Reads an integer of any width that fits.</summary>
    public ulong ReadUInt64() => NextCode == MessagePackCode.UInt64 ? ReadToken(sizeof(ulong)) : checked((ulong)ReadInt64());

    /// <summary>Reads an integer of any width that fits.</summary>
    public long ReadInt64()
    {
        var code = NextCode;
        switch (code)
        {
            case <= MessagePackCode.MaxFixInt:
            case >= MessagePackCode.MinNegativeFixInt:
                _reader.Advance(1);
                return unchecked((sbyte)code);
            case MessagePackCode.UInt8:
                return (byte)ReadToken(sizeof(byte));
            case MessagePackCode.UInt16:
                return (ushort)ReadToken(sizeof(ushort));
            case MessagePackCode.UInt32:
                return (uint)ReadToken(sizeof(uint));
            case MessagePackCode.UInt64:
                return checked((long)ReadToken(sizeof(ulong)));
            case MessagePackCode.Int8:
                return unchecked((sbyte)ReadToken(sizeof(sbyte)));
            case MessagePackCode.Int16:
                return unchecked((short)ReadToken(sizeof(short)));
            case MessagePackCode.Int32:
                return unchecked((int)ReadToken(sizeof(int)));
            case MessagePackCode.Int64:
                return unchecked((long)ReadToken(sizeof(long)));
            default:
                throw Unexpected(code);
        }
    }

    /// <summary>Reads a number, rounded to single precision.</summary>
    public float ReadSingle() => NextCode switch
    {
        MessagePackCode.Float32 => BitConverter.UInt32BitsToSingle((uint)ReadToken(sizeof(uint))),
        MessagePackCode.Float64 => (float)ReadDouble(),
        MessagePackCode.UInt64 => ReadUInt64(),
        _ => ReadInt64(),
    };

    /// <summary>Reads a number, rounded to double precision.</summary>
    public double ReadDouble() => NextCode switch
    {
        MessagePackCode.Float32 => ReadSingle(),
        MessagePackCode.Float64 => BitConverter.UInt64BitsToDouble(ReadToken(sizeof(ulong))),
        MessagePackCode.UInt64 => ReadUInt64(),
        _ => ReadInt64(),
    };

    /// <summary>Reads text, or null for nil.</summary>
    public string? ReadString()
    {
        return TryReadNil() ? null : Encoding.UTF8.GetString(ReadPayload(ReadStringLength()));
    }

    /// <summary>Reads binary data, or text as its bytes, or null for nil.</summary>
    /// <returns>A part of what is being read, not a copy.</returns>
    public ReadOnlySequence<byte>? ReadBytes()
    {
        return TryReadNil() ? null : ReadPayload(ReadBytesLength());
    }

    /// <summary>Passes over a value with everything in it.</summary>
    public void Skip()
    {
        for (var remaining = 1L; remaining > 0; remaining--)
        {
            var code = NextCode;
            switch (MessagePackCode.ToMessagePackType(code))
            {
                case MessagePackType.Integer:
                    _ = code == MessagePackCode.UInt64 ? ReadUInt64() : unchecked((ulong)ReadInt64());
                    break;
                case MessagePackType.Nil:
                case MessagePackType.Boolean:
                    _reader.Advance(1);
                    break;
                case MessagePackType.Float:
                    _ = ReadDouble();
                    break;
                case MessagePackType.String:
                case MessagePackType.Binary:
                    ReadPayload(ReadBytesLength());
                    break;
                case MessagePackType.Array:
                    remaining += ReadCount(MessagePackCode.MinFixArray, MessagePackCode.Array16, MessagePackCode.Array32);
                    break;
                case MessagePackType.Map:
                    remaining += 2L * ReadCount(MessagePackCode.MinFixMap, MessagePackCode.Map16, MessagePackCode.Map32);
                    break;
                case MessagePackType.Extension:
                    ReadPayload(ReadExtensionLength(code));
                    break;
                default:
                    throw Unexpected(code);
            }
        }
    }

    private int ReadCount(byte fixedCode, byte code16, byte code32)
    {
        var code = NextCode;
        if ((code & 0xF0) == fixedCode)
        {
            _reader.Advance(1);
            return code & 0x0F;
        }

        return code == code16 ? (int)ReadToken(sizeof(ushort))
            : code == code32 ? checked((int)ReadToken(sizeof(uint)))
            : throw Unexpected(code);
    }

    private long ReadStringLength()
    {
        var code = NextCode;
        switch (code)
        {
            case >= MessagePackCode.MinFixStr and < MessagePackCode.Nil:
                _reader.Advance(1);
                return code & 0x1F;
            case MessagePackCode.Str8:
                return (long)ReadToken(sizeof(byte));
            case MessagePackCode.Str16:
                return (long)ReadToken(sizeof(ushort));
            case MessagePackCode.Str32:
                return (long)ReadToken(sizeof(uint));
            default:
                throw Unexpected(code);
        }
    }

    private long ReadBytesLength() => NextCode switch
    {
        MessagePackCode.Bin8 => (long)ReadToken(sizeof(byte)),
        MessagePackCode.Bin16 => (long)ReadToken(sizeof(ushort)),
        MessagePackCode.Bin32 => (long)ReadToken(sizeof(uint)),
        _ => ReadStringLength(),
    };

    /// <summary>Length of an extension's type number, a byte, and its data.</summary>
    private long ReadExtensionLength(byte code)
    {
        switch (code)
        {
            case MessagePackCode.Ext8:
                return 1 + (long)ReadToken(sizeof(byte));
            case MessagePackCode.Ext16:
                return 1 + (long)ReadToken(sizeof(ushort));
            case MessagePackCode.Ext32:
                return 1 + (long)ReadToken(sizeof(uint));
            default:
                _reader.Advance(1);
                return 1 + (1L << (code - MessagePackCode.FixExt1));
        }
    }

    private ReadOnlySequence<byte> ReadPayload(long length)
    {
        Require(length);
        var payload = _reader.Sequence.Slice(_reader.Position, length);
        _reader.Advance(length);
        return payload;
    }

    /// <summary>Reads a code and the big-endian number of some bytes behind it.</summary>
    private ulong ReadToken(int size)
    {
        Span<byte> token = stackalloc byte[LargestToken];
        token = token[..(1 + size)];
        if (!_reader.TryCopyTo(token))
        {
            throw new EndOfStreamException();
        }

        _reader.Advance(token.Length);
        var value = 0UL;
        foreach (var part in token[1..])
        {
            value = (value << 8) | part;
        }

        return value;
    }

    /// <summary>Refuses a length that more bytes would be needed for than there are.</summary>
    private readonly void Require(long length)
    {
        if (_reader.Remaining < length)
        {
            throw new EndOfStreamException();
        }
    }

    private static MessagePackSerializationException Unexpected(byte code) =>
        new($"Unexpected msgpack code {code} ({MessagePackCode.ToMessagePackType(code)}) encountered.");
}
