using Mnist.Benchmarks.Comparison;
using Mnist.Learning;
using Mnist.Learning.Models;

namespace Mnist.Benchmarks.Tests;

public sealed class PeerProtocolTests
{
    [Fact]
    public void Peers_know_all_networks()
    {
        var peer = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "peers", "networks.py"));
        Assert.All(Networks.Names, name => Assert.Contains($"\"{name}\": ", peer, StringComparison.Ordinal));
    }

    [Fact]
    public void An_order_of_throughput_has_no_fields_of_a_recipe() => Assert.Equal(
        """{"order":"throughput","network":"tiny","batch":64,"seconds":1.5}""",
        PeerProtocol.Write(new PeerOrder("throughput", "tiny", 64) { Seconds = 1.5 }));

    [Fact]
    public void Answers_are_read()
    {
        Assert.Equal("1.13.1", PeerProtocol.ReadReady("""{"ready": true, "torch": "1.13.1"}"""));
        Assert.Equal(2000, PeerProtocol.ReadThroughput("""{"images": 3000, "seconds": 1.5}"""));
        Assert.Equal((20.5, 0.9912), PeerProtocol.ReadTraining("""{"images": 110000, "seconds": 20.5, "accuracy": 0.9912}"""));
    }

    [Theory]
    [InlineData("""{"error": "ValueError: no such network"}""", "the PyTorch peer failed: ValueError: no such network")]
    [InlineData("""{"images": 0, "seconds": 1}""", "expected images and seconds above 0")]
    [InlineData("""{"seconds": 1}""", "expected images and seconds above 0")]
    [InlineData("Killed", "the PyTorch peer printed 'Killed', expected a line of JSON")]
    [InlineData(null, "ended before it answered")]
    public void What_is_no_throughput_is_refused_with_the_reason(string? line, string reason) =>
        Assert.Contains(
            reason, Assert.Throws<InvalidInputException>(() => PeerProtocol.ReadThroughput(line)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_training_without_accuracy_is_refused() =>
        Assert.Throws<InvalidInputException>(() => PeerProtocol.ReadTraining("""{"images": 1, "seconds": 1}"""));

    [Fact]
    public void A_peer_that_is_not_ready_is_refused() =>
        Assert.Throws<InvalidInputException>(() => PeerProtocol.ReadReady("""{"ready": false}"""));
}
