using Mnist.Grains.Wire;

namespace Mnist.Grains.Tests.Wire;

public sealed class SpareFramesTests
{
    private readonly SpareFrames _spare = new(capacity: 2);

    [Fact]
    public void An_array_that_was_given_back_is_taken_once_for_a_frame_of_the_same_length()
    {
        var bytes = _spare.Take(8);
        _spare.GiveBack(bytes);

        Assert.Equal(9, _spare.Take(9).Length);
        Assert.Same(bytes, _spare.Take(8));
        Assert.NotSame(bytes, _spare.Take(8));
    }

    [Fact]
    public void The_oldest_array_is_dropped_where_there_are_too_many()
    {
        byte[][] arrays = [new byte[1], new byte[2], new byte[3]];
        Array.ForEach(arrays, _spare.GiveBack);

        Assert.NotSame(arrays[0], _spare.Take(1));
        Assert.Same(arrays[1], _spare.Take(2));
        Assert.Same(arrays[2], _spare.Take(3));
    }

    [Fact]
    public void A_frame_in_a_used_array_has_the_bytes_of_one_in_a_new_array()
    {
        var header = new FrameHeader(FrameKind.Contribution, Frame.Fp32, "run", 7, 0, 2, 0, 3);
        var expected = Frame.Create(header, [1f, 2f, 3f]).Bytes;
        var used = new byte[expected.Length];
        Array.Fill(used, (byte)0xA5);
        _spare.GiveBack(used);

        var frame = Frame.Create(header, _spare);

        Assert.Same(used, frame.Bytes);
        new[] { 1f, 2f, 3f }.CopyTo(frame.Elements);
        frame.Seal();
        Assert.Equal(expected, frame.Bytes);
    }
}
