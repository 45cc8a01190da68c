using System.Buffers;
using MessagePack;
using static Mnist.Grains.Tests.Wire.MessagePackBytes;

namespace Mnist.Grains.Tests.Wire;

/// <summary>
/// The golden bytes come from the format's specification. These tests run against the package where it can be restored and
/// against its twin elsewhere, which is what holds the two together.
/// </summary>
public class MessagePackTests
{
    [Theory]
    [InlineData(0, "00")]
    [InlineData(127, "7F")]
    [InlineData(128, "CC80")]
    [InlineData(255, "CCFF")]
    [InlineData(256, "CD0100")]
    [InlineData(65535, "CDFFFF")]
    [InlineData(65536, "CE00010000")]
    [InlineData(4294967295, "CEFFFFFFFF")]
    [InlineData(4294967296, "CF0000000100000000")]
    [InlineData(long.MaxValue, "CF7FFFFFFFFFFFFFFF")]
    [InlineData(-1, "FF")]
    [InlineData(-32, "E0")]
    [InlineData(-33, "D0DF")]
    [InlineData(-128, "D080")]
    [InlineData(-129, "D1FF7F")]
    [InlineData(-32768, "D18000")]
    [InlineData(-32769, "D2FFFF7FFF")]
    [InlineData(int.MinValue, "D280000000")]
    [InlineData(-2147483649, "D3FFFFFFFF7FFFFFFF")]
    [InlineData(long.MinValue, "D38000000000000000")]
    public void Integers_take_their_shortest_form_and_come_back(long value, string bytes)
    {
        Assert.Equal(bytes, Write((ref writer) => writer.Write(value)));
        Assert.Equal(value, Read(bytes, (ref reader) => reader.ReadInt64()));
        if (value >= 0)
        {
            Assert.Equal(bytes, Write((ref writer) => writer.Write((ulong)value)));
            Assert.Equal((ulong)value, Read(bytes, (ref reader) => reader.ReadUInt64()));
        }

        if (value is >= int.MinValue and <= int.MaxValue)
        {
            Assert.Equal(bytes, Write((ref writer) => writer.Write((int)value)));
            Assert.Equal((int)value, Read(bytes, (ref reader) => reader.ReadInt32()));
        }

        if (value is >= 0 and <= uint.MaxValue)
        {
            Assert.Equal(bytes, Write((ref writer) => writer.Write((uint)value)));
            Assert.Equal((uint)value, Read(bytes, (ref reader) => reader.ReadUInt32()));
        }
    }

    [Fact]
    public void The_largest_unsigned_integer_needs_the_unsigned_reader()
    {
        Assert.Equal("CFFFFFFFFFFFFFFFFF", Write((ref writer) => writer.Write(ulong.MaxValue)));
        Assert.Equal(ulong.MaxValue, Read("CFFFFFFFFFFFFFFFFF", (ref reader) => reader.ReadUInt64()));
        Assert.Throws<OverflowException>(() => Read("CFFFFFFFFFFFFFFFFF", (ref reader) => reader.ReadInt64()));
    }

    [Fact]
    public void An_integer_in_a_longer_form_than_needed_is_read_all_the_same()
    {
        Assert.Equal(7, Read("D30000000000000007", (ref reader) => reader.ReadInt32()));
        Assert.Equal(7u, Read("D10007", (ref reader) => reader.ReadUInt32()));
        Assert.Equal(7ul, Read("D007", (ref reader) => reader.ReadUInt64()));
    }

    [Fact]
    public void A_byte_is_written_as_an_integer()
    {
        Assert.Equal("07CCC8", Write((ref writer) =>
        {
            writer.Write((byte)7);
            writer.Write((byte)200);
        }));
    }

    [Fact]
    public void Nil_and_truth_values_are_one_byte()
    {
        Assert.Equal("C0C3C2", Write((ref writer) =>
        {
            writer.WriteNil();
            writer.Write(true);
            writer.Write(false);
        }));
        Assert.True(Read("C3", (ref reader) => reader.ReadBoolean()));
        Assert.False(Read("C2", (ref reader) => reader.ReadBoolean()));
        Assert.True(Read("C0", (ref reader) => reader.TryReadNil()));
    }

    [Fact]
    public void A_value_that_is_not_nil_stays_to_be_read()
    {
        Assert.Equal(5, Read("05", (ref reader) => reader.TryReadNil() ? -1 : reader.ReadInt32()));
    }

    [Fact]
    public void Floating_point_numbers_keep_their_bits()
    {
        Assert.Equal("CA3DCCCCCD", Write((ref writer) => writer.Write(.1f)));
        Assert.Equal("CB3FB999999999999A", Write((ref writer) => writer.Write(.1)));
        Assert.Equal(.1f, Read("CA3DCCCCCD", (ref reader) => reader.ReadSingle()));
        Assert.Equal(.1, Read("CB3FB999999999999A", (ref reader) => reader.ReadDouble()));
        Assert.Equal(0x7FC12345u, BitConverter.SingleToUInt32Bits(Read("CA7FC12345", (ref reader) => reader.ReadSingle())));
    }

    [Fact]
    public void Any_number_can_be_read_as_a_floating_point_number()
    {
        Assert.Equal(.1f, Read("CB3FB999999999999A", (ref reader) => reader.ReadSingle()));
        Assert.Equal((double).1f, Read("CA3DCCCCCD", (ref reader) => reader.ReadDouble()));
        Assert.Equal(-33.0, Read("D0DF", (ref reader) => reader.ReadDouble()));
        Assert.Equal(18446744073709551615f, Read("CFFFFFFFFFFFFFFFFF", (ref reader) => reader.ReadSingle()));
    }

    [Theory]
    [InlineData(0, "A0")]
    [InlineData(31, "BF")]
    [InlineData(32, "D920")]
    [InlineData(255, "D9FF")]
    [InlineData(256, "DA0100")]
    [InlineData(65535, "DAFFFF")]
    [InlineData(65536, "DB00010000")]
    public void Text_has_the_shortest_header(int length, string header)
    {
        var text = new string('a', length);
        var bytes = Write((ref writer) => writer.Write(text));
        Assert.Equal(header + string.Concat(Enumerable.Repeat("61", length)), bytes);
        Assert.Equal(text, Read(bytes, (ref reader) => reader.ReadString()));
    }

    [Fact]
    public void Text_is_counted_in_bytes_of_utf8()
    {
        Assert.Equal("A6C3A4E282AC21", Write((ref writer) => writer.Write("ä€!")));
        Assert.Equal("ä€!", Read("A6C3A4E282AC21", (ref reader) => reader.ReadString()));

        // Half of a surrogate pair becomes the replacement character, and so does a byte that is no UTF-8.
        Assert.Equal("A3EFBFBD", Write((ref writer) => writer.Write("\uD800")));
        Assert.Equal("\uFFFD", Read("A1FF", (ref reader) => reader.ReadString()));
    }

    [Fact]
    public void Missing_text_and_bytes_are_nil()
    {
        Assert.Equal("C0C0", Write((ref writer) =>
        {
            writer.Write((string?)null);
            writer.Write((byte[]?)null);
        }));
        Assert.Null(Read("C0", (ref reader) => reader.ReadString()));
        Assert.Null(Read("C0", (ref reader) => reader.ReadBytes()));
    }

    [Theory]
    [InlineData(0, "C400")]
    [InlineData(255, "C4FF")]
    [InlineData(256, "C50100")]
    [InlineData(65535, "C5FFFF")]
    [InlineData(65536, "C600010000")]
    public void Binary_data_has_the_shortest_header(int length, string header)
    {
        var data = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();
        var bytes = Write((ref writer) => writer.Write(data.AsSpan()));
        Assert.Equal(header + Convert.ToHexString(data), bytes);
        Assert.Equal(bytes, Write((ref writer) => writer.Write(data)));
        Assert.Equal(bytes, Write((ref writer) =>
        {
            writer.WriteBinHeader(length);
            writer.WriteRaw(data);
        }));
        Assert.Equal(data, Read(bytes, (ref reader) => reader.ReadBytes()!.Value.ToArray()));
    }

    [Fact]
    public void Binary_data_is_read_without_a_copy()
    {
        byte[] bytes = [0xC4, 2, 8, 9];
        var reader = new MessagePackReader(bytes);
        var data = reader.ReadBytes()!.Value;
        bytes[3] = 77;
        Assert.Equal<byte>([8, 77], data.ToArray());
    }

    [Fact]
    public void Text_can_be_read_as_bytes()
    {
        Assert.Equal<byte>([0x61], Read("A161", (ref reader) => reader.ReadBytes()!.Value.ToArray()));
    }

    [Theory]
    [InlineData(0, "90", "80")]
    [InlineData(15, "9F", "8F")]
    [InlineData(16, "DC0010", "DE0010")]
    [InlineData(65535, "DCFFFF", "DEFFFF")]
    [InlineData(65536, "DD00010000", "DF00010000")]
    public void Arrays_and_maps_have_the_shortest_header(int count, string array, string map)
    {
        Assert.Equal(array, Write((ref writer) => writer.WriteArrayHeader(count)));
        Assert.Equal(map, Write((ref writer) => writer.WriteMapHeader(count)));
        var content = string.Concat(Enumerable.Repeat("C0C0", count));
        Assert.Equal(count, Read(array + content, (ref reader) => reader.ReadArrayHeader()));
        Assert.Equal(count, Read(map + content, (ref reader) => reader.ReadMapHeader()));
    }

    [Theory]
    [InlineData("9101")]
    [InlineData("82A16101A16293C0C3C2")]
    [InlineData("CFFFFFFFFFFFFFFFFF")]
    [InlineData("D2FFFF7FFF")]
    [InlineData("CA3DCCCCCD")]
    [InlineData("CB3FB999999999999A")]
    [InlineData("C403010203")]
    [InlineData("D90161")]
    [InlineData("D401FF")]
    [InlineData("D80100112233445566778899AABBCCDDEEFF")]
    [InlineData("C70201AABB")]
    [InlineData("C8000201AABB")]
    [InlineData("C90000000201AABB")]
    public void A_value_is_skipped_with_everything_in_it(string bytes)
    {
        var reader = new MessagePackReader(Convert.FromHexString(bytes + "05"));
        reader.Skip();
        Assert.Equal(bytes.Length / 2, reader.Consumed);
        Assert.False(reader.End);
        Assert.Equal(5, reader.ReadInt32());
        Assert.True(reader.End);
    }

    [Fact]
    public void The_type_of_the_next_value_is_known_from_its_first_byte()
    {
        // One letter for each of the 256 codes in rows of 16, from the table in the specification.
        const string Expected = """
            IIIIIIIIIIIIIIII IIIIIIIIIIIIIIII IIIIIIIIIIIIIIII IIIIIIIIIIIIIIII
            IIIIIIIIIIIIIIII IIIIIIIIIIIIIIII IIIIIIIIIIIIIIII IIIIIIIIIIIIIIII
            MMMMMMMMMMMMMMMM AAAAAAAAAAAAAAAA SSSSSSSSSSSSSSSS SSSSSSSSSSSSSSSS
            N?TTBBBEEEFFIIII IIIIEEEEESSSAAMM IIIIIIIIIIIIIIII IIIIIIIIIIIIIIII
            """;
        var actual = Enumerable.Range(0, 256).Select(code => Read(code.ToString("X2"), (ref reader) => reader.NextMessagePackType) switch
        {
            MessagePackType.Integer => 'I',
            MessagePackType.Map => 'M',
            MessagePackType.Array => 'A',
            MessagePackType.String => 'S',
            MessagePackType.Nil => 'N',
            MessagePackType.Boolean => 'T',
            MessagePackType.Binary => 'B',
            MessagePackType.Extension => 'E',
            MessagePackType.Float => 'F',
            _ => '?',
        });
        Assert.Equal(string.Concat(Expected.Where(letter => !char.IsWhiteSpace(letter))), string.Concat(actual));
    }

    [Fact]
    public void Values_may_lie_across_the_segments_of_a_sequence()
    {
        var bytes = Write((ref writer) =>
        {
            writer.WriteArrayHeader(4);
            writer.Write("across");
            writer.Write(123456789);
            writer.Write(.1);
            writer.Write(new byte[] { 1, 2, 3 });
        });
        var reader = new MessagePackReader(InSegmentsOfOne(Convert.FromHexString(bytes)));
        Assert.Equal(4, reader.ReadArrayHeader());
        Assert.Equal("across", reader.ReadString());
        Assert.Equal(123456789, reader.ReadInt32());
        Assert.Equal(.1, reader.ReadDouble());
        Assert.Equal<byte>([1, 2, 3], reader.ReadBytes()!.Value.ToArray());
        Assert.True(reader.End);
    }

    [Fact]
    public void Nothing_is_handed_over_before_it_is_flushed()
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        writer.Write(1);
        Assert.Equal(0, buffer.WrittenCount);
        writer.Flush();
        writer.Write(2);
        writer.Flush();
        Assert.Equal<byte>([1, 2], buffer.WrittenSpan.ToArray());
    }
}
