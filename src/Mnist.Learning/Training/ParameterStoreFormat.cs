using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Mnist.Learning.Specification;

namespace Mnist.Learning.Training;

/// <summary>
/// The bytes of a <see cref="ParameterStore"/>'s checkpoint, little-endian (and so are the x64 and Arm64 machines that
/// write them): magic, version, SHA-256 of the specification, start, length, step, number of epochs; the totals of each epoch; the
/// vectors; CRC-32C of all that precedes. The specification and the range fix the lengths of the vectors.
/// </summary>
internal sealed class ParameterStoreFormat
{
    private const uint Magic = 0x53504E4D; // "MNPS"
    private const int Version = 1;
    private const int HashLength = 32;
    private const int HeaderLength = 4 + 4 + HashLength + 4 + 4 + 8 + 4;
    private const int EpochLength = 8 + 8 + 8;
    private const int ChecksumLength = 4;

    private readonly byte[] _specHash;
    private readonly int _start;
    private readonly int _length;
    private readonly float[][] _vectors;
    private readonly int _vectorBytes;

    /// <summary>Describes the sections of one store.</summary>
    /// <param name="spec">The store's specification.</param>
    /// <param name="start">First element of the store's range.</param>
    /// <param name="length">Length of the store's range.</param>
    /// <param name="vectors">The store's vectors, written and read in place.</param>
    public ParameterStoreFormat(RunSpec spec, int start, int length, float[][] vectors)
    {
        _specHash = Convert.FromHexString(RunSpecJson.Sha256(spec));
        _start = start;
        _length = length;
        _vectors = vectors;
        _vectorBytes = vectors.Sum(vector => vector.Length * sizeof(float));
    }

    /// <summary>Writes a section.</summary>
    public void Write(IBufferWriter<byte> writer, long step, List<EpochTotals> epochs)
    {
        var sectionLength = SectionLength(epochs.Count);
        var section = writer.GetSpan(sectionLength)[..sectionLength];
        BinaryPrimitives.WriteUInt32LittleEndian(section, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(section[4..], Version);
        _specHash.CopyTo(section[8..]);
        var position = section[(8 + HashLength)..];
        BinaryPrimitives.WriteInt32LittleEndian(position, _start);
        BinaryPrimitives.WriteInt32LittleEndian(position[4..], _length);
        BinaryPrimitives.WriteInt64LittleEndian(position[8..], step);
        BinaryPrimitives.WriteInt32LittleEndian(position[16..], epochs.Count);

        var rest = section[HeaderLength..];
        foreach (var epoch in epochs)
        {
            BinaryPrimitives.WriteInt64LittleEndian(rest, epoch.Samples);
            BinaryPrimitives.WriteDoubleLittleEndian(rest[8..], epoch.LossSum);
            BinaryPrimitives.WriteInt64LittleEndian(rest[16..], epoch.Correct);
            rest = rest[EpochLength..];
        }

        foreach (var vector in _vectors)
        {
            var bytes = MemoryMarshal.AsBytes(vector.AsSpan());
            bytes.CopyTo(rest);
            rest = rest[bytes.Length..];
        }

        BinaryPrimitives.WriteUInt32LittleEndian(rest, Crc32C.Compute(section[..^ChecksumLength]));
        writer.Advance(sectionLength);
    }

    /// <summary>Checks a section, then reads its vectors and epochs.</summary>
    /// <returns>Steps applied.</returns>
    public long Read(ReadOnlySpan<byte> section, string source, SlicePlan plan, List<EpochTotals> epochs)
    {
        CheckIntegrity(section, source);
        var position = section[(8 + HashLength)..];
        var (start, length) = (BinaryPrimitives.ReadInt32LittleEndian(position), BinaryPrimitives.ReadInt32LittleEndian(position[4..]));
        if (!section.Slice(8, HashLength).SequenceEqual(_specHash))
        {
            var found = Convert.ToHexStringLower(section.Slice(8, HashLength));
            throw new InvalidInputException(
                $"{source}: is of a run with specification {found[..12]}…, expected {Convert.ToHexStringLower(_specHash)[..12]}…");
        }

        if ((start, length) != (_start, _length))
        {
            throw new InvalidInputException(
                $"{source}: holds {length} elements from {start}, expected {_length} from {_start}");
        }

        var step = BinaryPrimitives.ReadInt64LittleEndian(position[8..]);
        var epochCount = BinaryPrimitives.ReadInt32LittleEndian(position[16..]);
        var expectedEpochs = step < 0 || step > plan.TotalSteps ? -1 : (step + plan.StepsPerEpoch - 1) / plan.StepsPerEpoch;
        if (epochCount != expectedEpochs)
        {
            throw new InvalidInputException(
                $"{source}: is at step {step} with {epochCount} epochs, expected up to {plan.TotalSteps}, {plan.StepsPerEpoch} an epoch");
        }

        if (section.Length != SectionLength(epochCount))
        {
            throw new InvalidInputException($"{source}: has {section.Length} bytes, expected {SectionLength(epochCount)}");
        }

        ReadContent(section[HeaderLength..], epochCount, epochs);
        return step;
    }

    private static void CheckIntegrity(ReadOnlySpan<byte> section, string source)
    {
        if (section.Length < HeaderLength + ChecksumLength)
        {
            throw new InvalidInputException($"{source}: has {section.Length} bytes, expected at least {HeaderLength + ChecksumLength}");
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(section) != Magic)
        {
            throw new InvalidInputException($"{source}: is no checkpoint of a parameter store, which starts with 'MNPS'");
        }

        var version = BinaryPrimitives.ReadInt32LittleEndian(section[4..]);
        if (version != Version)
        {
            throw new InvalidInputException($"{source}: has version {version}, expected {Version}");
        }

        var found = BinaryPrimitives.ReadUInt32LittleEndian(section[^ChecksumLength..]);
        var expected = Crc32C.Compute(section[..^ChecksumLength]);
        if (found != expected)
        {
            throw new InvalidInputException($"{source}: is damaged or cut off, its checksum is {found:x8}, expected {expected:x8}");
        }
    }

    private void ReadContent(ReadOnlySpan<byte> rest, int epochCount, List<EpochTotals> epochs)
    {
        epochs.Clear();
        for (var epoch = 0; epoch < epochCount; epoch++)
        {
            epochs.Add(new EpochTotals(
                epoch,
                BinaryPrimitives.ReadInt64LittleEndian(rest),
                BinaryPrimitives.ReadDoubleLittleEndian(rest[8..]),
                BinaryPrimitives.ReadInt64LittleEndian(rest[16..])));
            rest = rest[EpochLength..];
        }

        foreach (var vector in _vectors)
        {
            var bytes = MemoryMarshal.AsBytes(vector.AsSpan());
            rest[..bytes.Length].CopyTo(bytes);
            rest = rest[bytes.Length..];
        }
    }

    private int SectionLength(int epochCount) => HeaderLength + (epochCount * EpochLength) + _vectorBytes + ChecksumLength;
}
