using System.Runtime.InteropServices;
using MessagePack;
using Mnist.Grains.Wire;

namespace Mnist.Grains.Tests.Wire;

public sealed class FrameTests
{
    private static readonly FrameHeader Small = new(FrameKind.Contribution, Frame.Fp32, "r", 3, 2, 2, 16, 2);

    [Fact]
    public void A_small_frame_has_these_bytes()
    {
        // A MessagePack array of 10: kind, codec, run, step, first slice, slices, offset, count, checksum, elements (1 and -2).
        var expected = Convert.FromHexString("9A02A466703332A1720302021002" + "CEEAB7CE84" + "C4080000803F000000C0");

        Assert.Equal(expected, Frame.Create(Small, [1f, -2f]).Bytes);
    }

    [Theory]
    [InlineData(FrameKind.Weights, "", 0L, 0, 0, 0, 0)]
    [InlineData(FrameKind.Contribution, "run-1", long.MaxValue, 63, 1, 1_000_000, 1)]
    [InlineData(FrameKind.Probabilities, "grüße, 世界", 1L, 32, 32, int.MaxValue, 63)]
    [InlineData(FrameKind.Weights, "r", 70_000L, 0, 0, 16, 64)]
    [InlineData(FrameKind.Weights, "r", 300L, 0, 0, 16, 16_384)]
    [InlineData(FrameKind.Weights, "r", 300L, 0, 0, 16, 300_000)]
    public void What_is_read_is_what_was_written(
        FrameKind kind, string run, long step, int firstSlice, int sliceCount, int offset, int count)
    {
        var header = new FrameHeader(kind, Frame.Fp32, run, step, firstSlice, sliceCount, offset, count);
        var elements = RandomElements(count);

        Assert.True(Frame.TryRead(Frame.Create(header, elements).Bytes, out var frame, out var reason), reason);

        Assert.Equal(header, frame!.Header);
        Assert.Equal(MemoryMarshal.AsBytes(elements.AsSpan()), MemoryMarshal.AsBytes(frame.Elements));
    }

    [Theory]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(16_383)]
    [InlineData(16_384)]
    public void Elements_are_the_binary_field_that_MessagePack_writes(int count)
    {
        var elements = RandomElements(count);
        var field = MessagePackBytes.Write((ref MessagePackWriter writer) => writer.Write(MemoryMarshal.AsBytes(elements.AsSpan())));

        var frame = Frame.Create(Small with { Count = count }, elements).Bytes;

        Assert.EndsWith(field, Convert.ToHexString(frame), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_bit_of_every_element_survives()
    {
        int[] bits = [0, int.MinValue, 1, 0x7F800000, 0x7FC00001, 0x7FA00000, -1, 0x00800000];
        var elements = MemoryMarshal.Cast<int, float>(bits.AsSpan());

        Assert.True(Frame.TryRead(Frame.Create(Small with { Count = bits.Length }, elements).Bytes, out var frame, out _));

        Assert.Equal(bits, MemoryMarshal.Cast<float, int>(frame!.Elements).ToArray());
    }

    [Fact]
    public void A_frame_that_was_filled_in_place_equals_one_around_a_copy()
    {
        var frame = Frame.Create(Small);
        frame.Elements[0] = 1;
        frame.Elements[1] = -2;

        frame.Seal();

        Assert.Equal(Frame.Create(Small, [1f, -2f]).Bytes, frame.Bytes);
    }

    [Fact]
    public void A_frame_that_was_not_sealed_is_refused()
    {
        var frame = Frame.Create(Small);
        frame.Elements[0] = 1;

        Assert.False(Frame.TryRead(frame.Bytes, out _, out var reason));
        Assert.Equal("has a wrong checksum", reason);
    }

    [Fact]
    public void Reading_copies_no_elements()
    {
        var bytes = Frame.Create(Small with { Count = 1 << 20 }, RandomElements(1 << 20)).Bytes;
        Assert.True(Frame.TryRead(bytes, out var frame, out _));

        // The runtime may allocate on this thread now and then; a copy would show in every read.
        var least = long.MaxValue;
        for (var read = 0; read < 5; read++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.True(Frame.TryRead(bytes, out frame, out _));
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.InRange(least, 0, 4096);
        Assert.Same(bytes, frame!.Bytes);
        frame.Elements[^1] = 7;
        Assert.Equal(7f, BitConverter.ToSingle(bytes, bytes.Length - sizeof(float)));
    }

    [Fact]
    public void Numbers_may_be_wider_than_they_have_to_be()
    {
        // As written by a program that stores every number in 64 bits, and lengths in 32.
        var frame = HandMadeFrame.Write(
            "DD0000000A", HandMadeFrame.Wide(2), "D904" + "66703332", "DB00000001" + "72", HandMadeFrame.Wide(3), HandMadeFrame.Wide(2),
            HandMadeFrame.Wide(2), HandMadeFrame.Wide(16), HandMadeFrame.Wide(2), "C600000008" + "0000803F000000C0");

        Assert.True(Frame.TryRead(frame, out var read, out var reason), reason);

        Assert.Equal(Small, read!.Header);
        Assert.Equal([1f, -2f], read.Elements.ToArray());
    }

    private static float[] RandomElements(int count)
    {
        var random = new Random(count);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];
    }
}
