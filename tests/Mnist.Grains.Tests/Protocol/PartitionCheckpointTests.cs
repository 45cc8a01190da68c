using Mnist.Grains.Grains;
using Mnist.Grains.Protocol;
using Mnist.Learning;

namespace Mnist.Grains.Tests.Protocol;

public sealed class PartitionCheckpointTests
{
    private readonly TestRun _run = new(slices: 2, epochs: 1);
    private readonly PartitionServer _server;
    private readonly byte[] _sound;

    public PartitionCheckpointTests()
    {
        _server = Assert.Single(_run.CreateServers(1));
        Advance(2);
        _sound = Save(_server);
        Advance(1);
    }

    [Fact]
    public void A_sound_checkpoint_is_taken()
    {
        PartitionCheckpoint.Load(new CheckpointState { Bytes = _sound }, _server, _run.SpecSha256, "test");

        Assert.Equal(2, _server.Round.Number);
        Assert.Equal(2, PartitionCheckpoint.ReadRound(new CheckpointState { Bytes = _sound }, _run.SpecSha256, "test"));
        Assert.Equal(_sound, Save(_server));
    }

    [Fact]
    public void Every_changed_byte_is_noticed()
    {
        for (var i = 0; i < _sound.Length; i++)
        {
            foreach (var change in (byte[])[0x01, 0x80, 0xFF])
            {
                var damaged = _sound.ToArray();
                damaged[i] ^= change;
                Refuse(damaged, $"byte {i} of {_sound.Length} ^ {change}");
            }
        }

        CheckIsUsable();
    }

    [Fact]
    public void A_checkpoint_that_is_cut_off_or_too_long_is_refused()
    {
        for (var length = 0; length < _sound.Length; length++)
        {
            Refuse(_sound[..length], $"{length} bytes");
        }

        Refuse([.. _sound, 0], "a byte too many");
        Refuse([.. _sound, .. _sound], "twice");
        CheckIsUsable();
    }

    [Fact]
    public void Noise_is_refused()
    {
        var random = new Random(1);
        for (var trial = 0; trial < 1000; trial++)
        {
            var noise = new byte[random.Next(200)];
            random.NextBytes(noise);
            Refuse(noise, $"trial {trial}");
        }

        CheckIsUsable();
    }

    [Fact]
    public void A_checkpoint_of_another_specification_is_refused()
    {
        var other = new TestRun(slices: 4, epochs: 1);
        var server = Assert.Single(other.CreateServers(1));

        var exception = Assert.Throws<InvalidInputException>(
            () => PartitionCheckpoint.Load(new CheckpointState { Bytes = _sound }, server, other.SpecSha256, "checkpoint-a"));

        Assert.Equal(
            $"checkpoint-a: is a checkpoint of the specification {_run.SpecSha256}, expected {other.SpecSha256}", exception.Message);
    }

    [Fact]
    public void A_checkpoint_of_another_partition_is_refused()
    {
        var partitions = _run.CreateServers(2);

        Refuse(Save(partitions[0]), "of a partition");
        CheckIsUsable();
    }

    private byte[] Save(PartitionServer server) => PartitionCheckpoint.Save(server, _run.SpecSha256, new TrainingTimes(2, 1)).Bytes;

    private void Advance(int rounds)
    {
        for (var i = 0; i < rounds; i++)
        {
            _run.FillRound([_server]);
            TestRun.FinishRound([_server]);
        }
    }

    private void Refuse(byte[] bytes, string what)
    {
        var before = Save(_server);
        var exception = Record.Exception(
            () => PartitionCheckpoint.Load(new CheckpointState { Bytes = bytes }, _server, _run.SpecSha256, "checkpoint-a"));

        Assert.True(exception is InvalidInputException, $"{what}: {exception?.GetType().Name ?? "was taken"}");
        var message = exception?.Message ?? "";
        Assert.StartsWith("checkpoint-a: ", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        Assert.Equal(before, Save(_server));
    }

    private void CheckIsUsable()
    {
        _run.RunToEnd([_server]);
        ServerAssert.EndsAs(_run.RunInOrder(), _run, [_server]);
    }
}
