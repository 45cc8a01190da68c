using Mnist.Grains.Wire;

namespace Mnist.Grains.Tests.Wire;

/// <summary>Whatever arrives, reading never throws, never allocates by what it claims, and never yields other elements.</summary>
public sealed class FrameDamageTests
{
    private static readonly FrameHeader Header = new(FrameKind.Contribution, Frame.Fp32, "run", 3, 2, 2, 16, 3);
    private static readonly byte[] Sound = Frame.Create(Header, [1f, -2f, 0.5f]).Bytes;
    private static readonly byte[] Empty = Frame.Create(Header with { Count = 0 }, []).Bytes;

    [Fact]
    public void Every_flipped_bit_is_noticed()
    {
        foreach (var sound in (byte[][])[Sound, Empty])
        {
            for (var bit = 0; bit < sound.Length * 8; bit++)
            {
                var damaged = sound.ToArray();
                damaged[bit / 8] ^= (byte)(1 << (bit % 8));

                Assert.False(Frame.TryRead(damaged, out var frame, out var reason), $"bit {bit} of {sound.Length * 8}");
                Assert.Null(frame);
                Assert.NotEmpty(reason);
            }
        }
    }

    [Fact]
    public void Every_changed_byte_is_noticed_or_makes_no_difference()
    {
        for (var i = 0; i < Sound.Length; i++)
        {
            for (var value = 0; value < 256; value++)
            {
                var damaged = Sound.ToArray();
                damaged[i] = (byte)value;

                CheckRefusedOrSame(damaged);
            }
        }
    }

    [Fact]
    public void A_frame_that_is_cut_off_is_refused()
    {
        for (var length = 0; length < Sound.Length; length++)
        {
            Assert.False(Frame.TryRead(Sound[..length], out _, out _), $"{length} bytes");
        }
    }

    [Fact]
    public void Bytes_after_the_frame_are_refused()
    {
        Assert.False(Frame.TryRead([.. Sound, 0], out _, out var reason));
        Assert.Equal($"is {Sound.Length + 1} bytes long, expected {Sound.Length}", reason);
        Assert.False(Frame.TryRead([.. Sound, .. Sound], out _, out _));
    }

    [Fact]
    public void Another_codec_is_refused_by_name()
    {
        Assert.False(Frame.TryRead(Frame.Create(Header with { Codec = "int8" }, [1f, 2f, 3f]).Bytes, out _, out var reason));
        Assert.Equal("has the codec int8, expected fp32", reason);
    }

    [Theory]
    [InlineData("02", "")]
    [InlineData("00", "has 8 bytes of elements, expected 0")]
    [InlineData("03", "has 8 bytes of elements, expected 12")]
    [InlineData("FF", "has 8 bytes of elements, expected -4")]
    [InlineData("CE7FFFFFFF", "has 8 bytes of elements, expected 8589934588")]
    [InlineData("D280000000", "has 8 bytes of elements, expected -8589934592")]
    [InlineData("CE40000002", "has 8 bytes of elements, expected 4294967304")]
    [InlineData("CEFFFFFFFF", "is not a MessagePack frame")]
    [InlineData("CFFFFFFFFFFFFFFFFF", "is not a MessagePack frame")]
    [InlineData("D37FFFFFFFFFFFFFFF", "is not a MessagePack frame")]
    [InlineData("C0", "is not a MessagePack frame")]
    [InlineData("CA40000000", "is not a MessagePack frame")]
    [InlineData("A102", "is not a MessagePack frame")]
    public void A_count_that_is_not_that_of_the_elements_is_refused(string count, string expected)
    {
        var isRead = Frame.TryRead(HandMadeFrame.With(8, count), out _, out var reason);

        Assert.Equal(expected.Length == 0, isRead);
        Assert.StartsWith(expected, reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "99", "has 9 fields")]
    [InlineData(0, "9B", "has 11 fields")]
    [InlineData(0, "DDFFFFFFFF", "is not a MessagePack frame")]
    [InlineData(0, "DD7FFFFFFF", "is not a MessagePack frame")]
    [InlineData(0, "8A", "is not a MessagePack frame")]
    [InlineData(2, "C0", "has the codec")]
    [InlineData(2, "DBFFFFFFFF", "is not a MessagePack frame")]
    [InlineData(3, "DB7FFFFFFF", "is not a MessagePack frame")]
    [InlineData(4, "CFFFFFFFFFFFFFFFFF", "is not a MessagePack frame")]
    [InlineData(5, "CE80000000", "is not a MessagePack frame")]
    [InlineData(9, "C6FFFFFFFF" + "0000803F000000C0", "is not a MessagePack frame")]
    [InlineData(9, "C67FFFFFFF" + "0000803F000000C0", "is not a MessagePack frame")]
    [InlineData(9, "C407" + "0000803F000000C0", "has 7 bytes of elements")]
    [InlineData(9, "92" + "CA3F800000" + "CAC0000000", "is not a MessagePack frame")]
    public void A_field_that_makes_no_sense_is_refused_without_room_being_made_for_it(int field, string digits, string expected)
    {
        var bytes = HandMadeFrame.With(field, digits);
        Frame.TryRead(bytes, out _, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.False(Frame.TryRead(bytes, out _, out var reason));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 32_768);
        Assert.StartsWith(expected, reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("C0", 0)]
    [InlineData("C403" + "000000", 6)]
    public void Elements_that_are_no_whole_floats_are_refused(string digits, int elementDigits) =>
        Assert.False(Frame.TryRead(HandMadeFrame.WithElements(digits, elementDigits), out _, out _));

    [Fact]
    public void A_checksum_of_another_width_is_refused()
    {
        // 0xCE and four bytes become 0xCF and eight.
        var at = Array.LastIndexOf(Sound, (byte)0xCE);
        byte[] widened = [.. Sound[..at], 0xCF, 0, 0, 0, 0, .. Sound[(at + 1)..]];

        Assert.False(Frame.TryRead(widened, out _, out var reason));
        Assert.Equal("has a checksum that is not a 32-bit field", reason);
    }

    [Fact]
    public void Noise_is_refused()
    {
        var random = new Random(1);
        for (var trial = 0; trial < 20_000; trial++)
        {
            var noise = new byte[random.Next(80)];
            random.NextBytes(noise);

            Assert.False(Frame.TryRead(noise, out _, out _));
        }
    }

    [Fact]
    public void A_frame_that_was_mixed_up_is_refused_or_says_the_same()
    {
        var random = new Random(2);
        for (var trial = 0; trial < 50_000; trial++)
        {
            var bytes = Sound.ToList();
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                var at = random.Next(bytes.Count);
                switch (random.Next(3))
                {
                    case 0:
                        bytes[at] = (byte)random.Next(256);
                        break;
                    case 1:
                        bytes.Insert(at, (byte)random.Next(256));
                        break;
                    default:
                        bytes.RemoveAt(at);
                        break;
                }
            }

            CheckRefusedOrSame([.. bytes]);
        }
    }

    /// <summary>The field of elements may be called text, or have its length written otherwise; nothing else may differ.</summary>
    private static void CheckRefusedOrSame(byte[] bytes)
    {
        if (Frame.TryRead(bytes, out var frame, out _))
        {
            Assert.Equal(Header, frame!.Header);
            Assert.Equal([1f, -2f, 0.5f], frame.Elements.ToArray());
        }
    }
}
