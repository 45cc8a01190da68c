using MessagePack;
using static Mnist.Grains.Tests.Wire.MessagePackBytes;

namespace Mnist.Grains.Tests.Wire;

/// <summary>What comes from outside may be anything: the reader refuses it, and never reads or allocates what is not there.</summary>
public class MessagePackRefusalTests
{
    [Theory]
    [InlineData("CE80000000")]
    [InlineData("D3FFFFFFFF00000000")]
    public void An_integer_that_does_not_fit_overflows(string bytes)
    {
        Assert.Throws<OverflowException>(() => Read(bytes, (ref reader) => reader.ReadInt32()));
    }

    [Fact]
    public void A_negative_integer_is_no_unsigned_one()
    {
        Assert.Throws<OverflowException>(() => Read("FF", (ref reader) => reader.ReadUInt32()));
        Assert.Throws<OverflowException>(() => Read("D080", (ref reader) => reader.ReadUInt64()));
    }

    [Fact]
    public void A_value_of_another_type_is_refused()
    {
        Assert.Throws<MessagePackSerializationException>(() => Read("A161", (ref reader) => reader.ReadInt32()));
        Assert.Throws<MessagePackSerializationException>(() => Read("05", (ref reader) => reader.ReadString()));
        Assert.Throws<MessagePackSerializationException>(() => Read("C40161", (ref reader) => reader.ReadString()));
        Assert.Throws<MessagePackSerializationException>(() => Read("05", (ref reader) => reader.ReadBytes()!.Value.Length));
        Assert.Throws<MessagePackSerializationException>(() => Read("05", (ref reader) => reader.ReadBoolean()));
        Assert.Throws<MessagePackSerializationException>(() => Read("80", (ref reader) => reader.ReadArrayHeader()));
        Assert.Throws<MessagePackSerializationException>(() => Read("90", (ref reader) => reader.ReadMapHeader()));
        Assert.Throws<MessagePackSerializationException>(() => Read("C0", (ref reader) => reader.ReadDouble()));
    }

    [Theory]
    [InlineData("05A161")]
    [InlineData("CFFFFFFFFFFFFFFFFF")]
    [InlineData("D3FFFFFFFF7FFFFFFF")]
    [InlineData("CB3FB999999999999A")]
    [InlineData("CA3DCCCCCD")]
    [InlineData("C403010203")]
    [InlineData("C50003010203")]
    [InlineData("C600000003010203")]
    [InlineData("DB0000000361C3A4")]
    [InlineData("92A16192C301")]
    [InlineData("DE0001A161DD00000001C0")]
    [InlineData("C90000000201AABB")]
    public void Bytes_that_end_too_soon_are_refused_wherever_they_end(string bytes)
    {
        var whole = Convert.FromHexString(bytes);
        for (var length = 0; length < whole.Length; length++)
        {
            var part = Convert.ToHexString(whole, 0, length);
            Assert.Throws<EndOfStreamException>(() => Read(part, (ref reader) =>
            {
                while (reader.Consumed < whole.Length)
                {
                    reader.Skip();
                }

                return 0;
            }));
        }
    }

    [Theory]
    [InlineData("DD7FFFFFFF")]
    [InlineData("DF7FFFFFFF")]
    [InlineData("DBFFFFFFFF")]
    [InlineData("C6FFFFFFFF")]
    public void A_length_without_its_bytes_is_refused_before_anything_is_allocated(string bytes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<EndOfStreamException>(() => Read(bytes, (ref reader) => reader.NextMessagePackType switch
        {
            MessagePackType.Array => reader.ReadArrayHeader(),
            MessagePackType.Map => reader.ReadMapHeader(),
            MessagePackType.String => reader.ReadString()!.Length,
            _ => (int)reader.ReadBytes()!.Value.Length,
        }));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }
}
