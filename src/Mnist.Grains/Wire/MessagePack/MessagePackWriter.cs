using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace MessagePack;

/// <summary>
/// Writes MessagePack values where the package of that name cannot be restored: a subset with the package's names,
/// signatures and bytes (every value in its shortest form). Like there, nothing counts until <see cref="Flush"/>.
/// </summary>
internal ref struct MessagePackWriter
{
    private readonly IBufferWriter<byte> _output;
    private Span<byte> _span;
    private int _buffered;

    /// <summary>Creates a writer.</summary>
    /// <param name="writer">Receives the bytes.</param>
    public MessagePackWriter(IBufferWriter<byte> writer)
    {
        _output = writer;
    }

    /// <summary>Hands what was written to the buffer writer.</summary>
    public void Flush()
    {
        if (_buffered > 0)
        {
            _output.Advance(_buffered);
        }

        _span = default;
        _buffered = 0;
    }

    /// <summary>Writes nil.</summary>
    public void WriteNil() => WriteCode(MessagePackCode.Nil);

    /// <summary>Begins an array, of which the values follow.</summary>
    /// <param name="count">Number of values.</param>
    public void WriteArrayHeader(int count) =>
        WriteHeader((uint)count, MessagePackCode.MinFixArray, 15, null, MessagePackCode.Array16, MessagePackCode.Array32);

    /// <summary>Begins a map, of which the keys and values follow in turn.</summary>
    /// <param name="count">Number of pairs.</param>
    public void WriteMapHeader(int count) =>
        WriteHeader((uint)count, MessagePackCode.MinFixMap, 15, null, MessagePackCode.Map16, MessagePackCode.Map32);

    /// <summary>Begins binary data, of which the bytes follow by <see cref="WriteRaw"/>.</summary>
    /// <param name="length">Number of bytes.</param>
    public void WriteBinHeader(int length) =>
        WriteHeader((uint)length, 0, -1, MessagePackCode.Bin8, MessagePackCode.Bin16, MessagePackCode.Bin32);

    /// <summary>Copies bytes that are MessagePack already, or the content of binary data.</summary>
    /// <param name="rawMessagePackBlock">The bytes.</param>
    public void WriteRaw(ReadOnlySpan<byte> rawMessagePackBlock) => Copy(rawMessagePackBlock);

    /// <summary>Writes binary data, or nil.</summary>
    /// <param name="src">The bytes.</param>
    public void Write(byte[]? src)
    {
        if (src is null)
        {
            WriteNil();
        }
        else
        {
            Write(src.AsSpan());
        }
    }

    /// <summary>Writes binary data.</summary>
    /// <param name="src">The bytes.</param>
    public void Write(scoped ReadOnlySpan<byte> src)
    {
        WriteBinHeader(src.Length);
        Copy(src);
    }

    /// <summary>Writes text, or nil.</summary>
    /// <param name="value">The text.</param>
    public void Write(string? value)
    {
        if (value is null)
        {
            WriteNil();
            return;
        }

        var length = Encoding.UTF8.GetByteCount(value);
        WriteHeader((uint)length, MessagePackCode.MinFixStr, 31, MessagePackCode.Str8, MessagePackCode.Str16, MessagePackCode.Str32);
        Encoding.UTF8.GetBytes(value, Reserve(length));
        _buffered += length;
    }

    /// <summary>Writes a truth value.</summary>
    /// <param name="value">The value.</param>
    public void Write(bool value) => WriteCode(value ? MessagePackCode.True : MessagePackCode.False);

    /// <summary>Writes a number in single precision.</summary>
    /// <param name="value">The number.</param>
    public void Write(float value) => Write32(MessagePackCode.Float32, BitConverter.SingleToUInt32Bits(value));

    /// <summary>Writes a number in double precision.</summary>
    /// <param name="value">The number.</param>
    public void Write(double value) => Write64(MessagePackCode.Float64, BitConverter.DoubleToUInt64Bits(value));

    /// <summary>Writes an integer.</summary>
    /// <param name="value">The integer.</param>
    public void Write(byte value) => Write((ulong)value);

    /// <summary>Writes an integer.</summary>
    /// <param name="value">The integer.</param>
    public void Write(uint value) => Write((ulong)value);

    /// <summary>Writes an integer.</summary>
    /// <param name="value">The integer.</param>
    public void Write(int value) => Write((long)value);

    /// <summary>Writes an integer.</summary>
    /// <param name="value">The integer.</param>
    public void Write(ulong value)
    {
        switch (value)
        {
            case <= MessagePackCode.MaxFixInt:
                WriteCode((byte)value);
                break;
            case <= byte.MaxValue:
                Write8(MessagePackCode.UInt8, (byte)value);
                break;
            case <= ushort.MaxValue:
                Write16(MessagePackCode.UInt16, (ushort)value);
                break;
            case <= uint.MaxValue:
                Write32(MessagePackCode.UInt32, (uint)value);
                break;
            default:
                Write64(MessagePackCode.UInt64, value);
                break;
        }
    }

    /// <summary>Writes an integer.</summary>
    /// <param name="value">The integer.</param>
    public void Write(long value)
    {
        switch (value)
        {
            case >= 0:
                Write((ulong)value);
                break;
            case >= -32:
                WriteCode(unchecked((byte)value));
                break;
            case >= sbyte.MinValue:
                Write8(MessagePackCode.Int8, unchecked((byte)value));
                break;
            case >= short.MinValue:
                Write16(MessagePackCode.Int16, unchecked((ushort)value));
                break;
            case >= int.MinValue:
                Write32(MessagePackCode.Int32, unchecked((uint)value));
                break;
            default:
                Write64(MessagePackCode.Int64, unchecked((ulong)value));
                break;
        }
    }

    private void WriteHeader(uint count, byte fixedCode, int fixedMax, byte? code8, byte code16, byte code32)
    {
        if (count <= fixedMax)
        {
            WriteCode((byte)(fixedCode | count));
        }
        else if (count <= byte.MaxValue && code8 is byte code)
        {
            Write8(code, (byte)count);
        }
        else if (count <= ushort.MaxValue)
        {
            Write16(code16, (ushort)count);
        }
        else
        {
            Write32(code32, count);
        }
    }

    private void Copy(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        _buffered += bytes.Length;
    }

    private void WriteCode(byte code)
    {
        Reserve(1)[0] = code;
        _buffered++;
    }

    private void Write8(byte code, byte value)
    {
        var span = Reserve(2);
        (span[0], span[1]) = (code, value);
        _buffered += 2;
    }

    private void Write16(byte code, ushort value)
    {
        WriteCode(code);
        BinaryPrimitives.WriteUInt16BigEndian(Reserve(sizeof(ushort)), value);
        _buffered += sizeof(ushort);
    }

    private void Write32(byte code, uint value)
    {
        WriteCode(code);
        BinaryPrimitives.WriteUInt32BigEndian(Reserve(sizeof(uint)), value);
        _buffered += sizeof(uint);
    }

    private void Write64(byte code, ulong value)
    {
        WriteCode(code);
        BinaryPrimitives.WriteUInt64BigEndian(Reserve(sizeof(ulong)), value);
        _buffered += sizeof(ulong);
    }

    /// <summary>Room for more bytes behind the buffered ones.</summary>
    private Span<byte> Reserve(int size)
    {
        if (_span.Length - _buffered < size)
        {
            Flush();
            _span = _output.GetSpan(size);
        }

        return _span[_buffered..];
    }
}
