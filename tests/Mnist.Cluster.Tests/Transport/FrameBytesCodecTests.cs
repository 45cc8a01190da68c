using Microsoft.Extensions.DependencyInjection;
using Mnist.Clustering.Serialization;
using Mnist.Grains.Contracts;
using Orleans.Serialization;

namespace Mnist.Cluster.Tests.Transport;

public sealed class FrameBytesCodecTests : IDisposable
{
    private const int Length = 300_000;
    private readonly ServiceProvider _services = new ServiceCollection()
        .AddSerializer(serializer => serializer.AddAssembly(typeof(FrameBytes).Assembly).AddAssembly(typeof(FrameBytesCodec).Assembly))
        .BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Length)]
    public void A_frame_arrives_as_it_was_sent(int length)
    {
        var sent = Bytes(length, seed: 1);

        var reply = Pass(new ExchangeReply { Round = 1, Slices = [], Weights = new FrameBytes(sent) });

        Assert.Equal(sent, reply.Weights!.Bytes);
        Assert.NotSame(sent, reply.Weights.Bytes);
        Assert.Null(Pass(new ExchangeReply { Round = 1, Slices = [] }).Weights);
    }

    [Fact]
    public void A_frame_is_written_as_silos_of_an_earlier_version_write_and_read_it()
    {
        var serializer = _services.GetRequiredService<Serializer<ExchangeReply>>();

        var message = serializer.SerializeToArray(new ExchangeReply { Round = 1, Slices = [2], Weights = new FrameBytes([0xAA, 0xBB]) });

        Assert.Equal("20E800054105AABB2100030109E0010101030101C101E0", Convert.ToHexString(message));
    }

    [Fact]
    public void Frames_of_a_message_have_arrays_of_their_own_unless_they_are_one_frame()
    {
        var (one, other) = (new FrameBytes(Bytes(Length, seed: 1)), new FrameBytes(Bytes(Length, seed: 2)));

        var request = Pass(new ExchangeRequest { Worker = 0, Round = 1, Frames = [one, other, one] });

        Assert.Equal([one.Bytes, other.Bytes, one.Bytes], request.Frames.Select(frame => frame.Bytes));
        Assert.Same(request.Frames[0], request.Frames[2]);
    }

    [Fact]
    public void An_array_is_read_into_again_only_after_it_was_released_and_once_for_each_release()
    {
        var first = Receive(seed: 1);
        var second = Receive(seed: 2);
        Assert.NotSame(first.Bytes, second.Bytes);
        Assert.Equal(Bytes(Length, seed: 1), first.Bytes);

        first.Release();
        first.Release();
        var third = Receive(seed: 3);
        var fourth = Receive(seed: 4);

        Assert.Same(first.Bytes, third.Bytes);
        Assert.Equal(Bytes(Length, seed: 3), third.Bytes);
        Assert.NotSame(third.Bytes, fourth.Bytes);
        Assert.NotSame(second.Bytes, fourth.Bytes);
    }

    [Fact]
    public void A_frame_that_was_not_received_stays_with_whoever_made_it()
    {
        var own = new FrameBytes(Bytes(Length, seed: 1));
        own.Release();

        Assert.NotSame(own.Bytes, Receive(seed: 2).Bytes);
    }

    [Fact]
    public void A_length_that_the_message_does_not_have_is_refused_and_no_memory_taken_for_it()
    {
        var serializer = _services.GetRequiredService<Serializer<ExchangeReply>>();
        var reply = new ExchangeReply { Round = 1, Slices = [], Weights = new FrameBytes(Bytes(Length, seed: 1)) };
        var message = serializer.SerializeToArray(reply);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.ThrowsAny<Exception>(() => serializer.Deserialize(message.AsMemory(0, Length / 2)));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Length / 2);
    }

    private FrameBytes Receive(int seed) =>
        Pass(new ExchangeReply { Round = 1, Slices = [], Weights = new FrameBytes(Bytes(Length, seed)) }).Weights!;

    private T Pass<T>(T message)
    {
        var serializer = _services.GetRequiredService<Serializer<T>>();
        return serializer.Deserialize(serializer.SerializeToArray(message))!;
    }

    private static byte[] Bytes(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
