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
    [InlineData(3071)]
    [InlineData(3072)]
    [InlineData(3081)]
    [InlineData(10_007)]
    public void Long_inputs_have_the_checksum_of_their_bytes_one_by_one(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);

        var expected = bytes.Aggregate(0x1234_5678u, BitOperations.Crc32C);

        Assert.Equal(expected, Crc32C.Append(0x1234_5678, bytes));
    }
}
