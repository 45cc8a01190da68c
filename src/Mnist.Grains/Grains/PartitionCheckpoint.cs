using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using MessagePack;
using Mnist.Grains.Protocol;
using Mnist.Grains.Storage;
using Mnist.Learning;
using Mnist.Learning.Training;
using Orleans;

namespace Mnist.Grains.Grains;

/// <summary>A stored checkpoint of a partition, as grain storage sees it.</summary>
[GenerateSerializer, Alias("mnist.CheckpointState")]
public sealed class CheckpointState : IBinaryState
{
    /// <summary>A <see cref="PartitionCheckpoint"/>, encoded.</summary>
    [Id(0)] public byte[] Bytes { get; set; } = [];

    /// <summary>True for what is stored in place of the checkpoints of a run that has ended.</summary>
    internal bool IsDeletion => Bytes.Length == 0;

    ReadOnlyMemory<byte> IBinaryState.Content
    {
        get => Bytes;
        set => Bytes = value.ToArray();
    }
}

/// <summary>
/// Everything that a partition needs to go on from the beginning of a round, as one MessagePack array: weights, optimizer
/// state, ledger, losses and times belong together, and are written together. Its last field is the CRC-32C of all before it,
/// since not every grain storage keeps one.
/// </summary>
internal static class PartitionCheckpoint
{
    private const int FormatVersion = 1;
    private const int FieldCount = 12;
    private const int ChecksumLength = 5;
    private const byte UInt32Code = 0xCE;

    /// <summary>Encodes the state of a partition.</summary>
    /// <param name="server">A partition at the beginning of a round.</param>
    /// <param name="specSha256">Hash of the run's specification.</param>
    /// <param name="times">Time spent so far.</param>
    public static CheckpointState Save(PartitionServer server, string specSha256, TrainingTimes times)
    {
        var buffer = new ArrayBufferWriter<byte>((server.Range.Length * sizeof(float) * 4) + 65536);
        var writer = new MessagePackWriter(buffer);
        writer.WriteArrayHeader(FieldCount);
        writer.Write(FormatVersion);
        writer.Write(specSha256);
        writer.Write(server.Round.Number);
        writer.Write(times.TrainSeconds);
        writer.Write(times.EpochSeconds);
        WriteLedger(ref writer, server.Ledger);
        writer.Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(server.StepLosses.ToList())));
        var store = new ArrayBufferWriter<byte>((server.Range.Length * sizeof(float) * 4) + 1024);
        server.Store.Save(store);
        writer.Write(store.WrittenSpan);
        writer.Flush();
        BinaryPrimitives.WriteUInt32BigEndian(buffer.GetSpan(ChecksumLength)[1..], Crc32C.Compute(buffer.WrittenSpan));
        buffer.GetSpan(ChecksumLength)[0] = UInt32Code;
        buffer.Advance(ChecksumLength);
        return new CheckpointState { Bytes = buffer.WrittenSpan.ToArray() };
    }

    /// <summary>Brings a partition to a checkpoint.</summary>
    /// <param name="state">What <see cref="Save"/> wrote.</param>
    /// <param name="server">The partition; unchanged if the checkpoint is refused.</param>
    /// <param name="specSha256">Hash of the run's specification.</param>
    /// <param name="source">Where the checkpoint comes from, for messages.</param>
    /// <returns>Time spent until the checkpoint.</returns>
    /// <exception cref="InvalidInputException">The checkpoint is damaged or of another specification.</exception>
    public static TrainingTimes Load(CheckpointState state, PartitionServer server, string specSha256, string source)
    {
        try
        {
            var reader = ReadPreamble(state.Bytes, specSha256, source);
            var round = reader.ReadInt64();
            var times = new TrainingTimes(reader.ReadDouble(), reader.ReadDouble());
            var (samples, duplicates, missing) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
            var applied = reader.ReadBytes()!.Value.ToArray();
            var losses = reader.ReadBytes()!.Value.ToArray();
            server.Store.Load(reader.ReadBytes()!.Value.ToArray(), source);
            server.Ledger.Restore(samples, duplicates, missing, MemoryMarshal.Cast<byte, ulong>(applied));
            server.GoTo(round, MemoryMarshal.Cast<byte, float>(losses));
            return times;
        }
        catch (Exception exception)
            when (exception is MessagePackSerializationException or EndOfStreamException or InvalidOperationException)
        {
            throw new InvalidInputException($"{source}: is not a checkpoint: {exception.Message}", exception);
        }
    }

    /// <summary>The round that a checkpoint begins with.</summary>
    /// <param name="state">What <see cref="Save"/> wrote.</param>
    /// <param name="specSha256">Hash of the run's specification.</param>
    /// <param name="source">Where the checkpoint comes from, for messages.</param>
    /// <exception cref="InvalidInputException">The checkpoint is damaged or of another specification.</exception>
    public static long ReadRound(CheckpointState state, string specSha256, string source)
    {
        try
        {
            var reader = ReadPreamble(state.Bytes, specSha256, source);
            return reader.ReadInt64();
        }
        catch (Exception exception) when (exception is MessagePackSerializationException or EndOfStreamException)
        {
            throw new InvalidInputException($"{source}: is not a checkpoint: {exception.Message}", exception);
        }
    }

    private static MessagePackReader ReadPreamble(byte[] bytes, string specSha256, string source)
    {
        var content = bytes.AsSpan(0, Math.Max(0, bytes.Length - ChecksumLength));
        var checksum = bytes.AsSpan(content.Length);
        if (content.IsEmpty || checksum[0] != UInt32Code || BinaryPrimitives.ReadUInt32BigEndian(checksum[1..]) != Crc32C.Compute(content))
        {
            throw new InvalidInputException(
                $"{source}: is no checkpoint, or damaged: its checksum does not match its {bytes.Length} bytes");
        }

        var reader = new MessagePackReader(bytes);
        var (fields, version) = (reader.ReadArrayHeader(), reader.ReadInt32());
        if (fields != FieldCount || version != FormatVersion)
        {
            throw new InvalidInputException(
                $"{source}: is a checkpoint of format {version} with {fields} fields, expected {FormatVersion} with {FieldCount}");
        }

        if (reader.ReadString() is var sha && sha != specSha256)
        {
            throw new InvalidInputException($"{source}: is a checkpoint of the specification {sha}, expected {specSha256}");
        }

        return reader;
    }

    private static void WriteLedger(ref MessagePackWriter writer, Ledger ledger)
    {
        writer.Write(ledger.Samples);
        writer.Write(ledger.Duplicates);
        writer.Write(ledger.Missing);
        writer.Write(MemoryMarshal.AsBytes(ledger.Applied));
    }
}

/// <summary>Time spent on training.</summary>
/// <param name="TrainSeconds">From the first step to the last applied one, over all attempts.</param>
/// <param name="EpochSeconds">The part of it in the epoch at hand.</param>
internal readonly record struct TrainingTimes(double TrainSeconds, double EpochSeconds);
