using System.Numerics;
using Mnist.Learning.Training;

namespace Mnist.Learning.Tests.Training;

public class Crc32CTests
{
    [Fact]
    public void The_checksum_is_the_one_of_RFC_3720()
    {
        Assert.Equal(0xE3069283, Crc32C.Compute("123456789"u8));
        Assert.Equal(0x8A9136AA, Crc32C.Compute(new byte[32]));
        Assert.Equal(0u, Crc32C.Compute([]));
    }

    [Theory]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(1_023)]
    [InlineData(12_287)]
    [InlineData(12_288)]
    [InlineData(12_289)]
    [InlineData(40_007)]
    public void Blocks_and_lanes_give_what_one_byte_after_another_gives(int length)
    {
        var random = new KeyedRandom(5);
        var bytes = new byte[length];
        foreach (ref var value in bytes.AsSpan())
        {
            value = (byte)random.NextUInt64();
        }

        var expected = uint.MaxValue;
        foreach (var value in bytes)
        {
            expected = BitOperations.Crc32C(expected, value);
        }

        Assert.Equal(~expected, Crc32C.Compute(bytes));
        Assert.Equal(expected, Crc32C.Append(Crc32C.Append(uint.MaxValue, bytes.AsSpan(0, 13)), bytes.AsSpan(13)));
        Assert.Equal(expected, Crc32C.AppendInLanes(Crc32C.AppendInLanes(uint.MaxValue, bytes.AsSpan(0, 13)), bytes.AsSpan(13)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(999)]
    public void A_bit_that_differs_changes_the_checksum(int at)
    {
        var bytes = new byte[1_000];
        var intact = Crc32C.Compute(bytes);
        bytes[at] ^= 0x10;

        Assert.NotEqual(intact, Crc32C.Compute(bytes));
    }
}
