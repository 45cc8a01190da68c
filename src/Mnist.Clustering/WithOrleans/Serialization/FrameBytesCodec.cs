using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Mnist.Grains.Contracts;
using Orleans;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.WireProtocol;

namespace Mnist.Clustering.Serialization;

/// <summary>
/// Reads the frames of messages into arrays that were used before, and writes them as a byte array is written. Orleans' own codec makes an
/// array for each, which is zeroed, in memory that no cache holds, before it is written to.
/// </summary>
[RegisterSerializer]
internal sealed class FrameBytesCodec : IFieldCodec<FrameBytes>
{
    private readonly ReceivedFrames _received = new();

    /// <inheritdoc/>
    public void WriteField<TBufferWriter>(
        ref Writer<TBufferWriter> writer, uint fieldIdDelta, [AllowNull] Type expectedType, [AllowNull] FrameBytes value)
        where TBufferWriter : IBufferWriter<byte>
    {
        if (ReferenceCodec.TryWriteReferenceField(ref writer, fieldIdDelta, expectedType, value))
        {
            return;
        }

        writer.WriteFieldHeader(fieldIdDelta, expectedType, typeof(FrameBytes), WireType.LengthPrefixed);
        writer.WriteVarUInt32((uint)value.Length);
        writer.Write(value.Bytes);
    }

    /// <inheritdoc/>
    [return: MaybeNull]
    public FrameBytes ReadValue<TInput>(ref Reader<TInput> reader, Field field)
    {
        if (field.WireType == WireType.Reference)
        {
            return ReferenceCodec.ReadReference<FrameBytes, TInput>(ref reader, field);
        }

        field.EnsureWireType(WireType.LengthPrefixed);
        var length = reader.ReadVarUInt32();
        reader.EnsureAvailable(length);
        var frame = _received.Take((int)length);
        reader.ReadBytes(frame.Bytes);
        ReferenceCodec.RecordObject(reader.Session, frame);
        return frame;
    }
}
