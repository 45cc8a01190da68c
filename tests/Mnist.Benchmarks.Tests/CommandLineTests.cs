using Mnist.Benchmarks.CommandLine;
using Mnist.Benchmarks.Comparison;
using Mnist.Learning;
using Mnist.Learning.Models;

namespace Mnist.Benchmarks.Tests;

public sealed class CommandLineTests
{
    [Fact]
    public void Networks_are_separated_by_commas()
    {
        Assert.Equal(Networks.Names, NetworkList.Parse(null));
        Assert.Equal(["mlp", "tiny"], NetworkList.Parse("mlp, tiny,mlp"));
    }

    [Fact]
    public void An_unknown_network_is_named()
    {
        var error = Assert.Throws<InvalidInputException>(() => NetworkList.Parse("tiny,huge"));
        Assert.Equal("--networks has 'huge', expected some of tiny,small,wide,classic,mlp", error.Message);
    }

    [Fact]
    public async Task A_missing_Python_is_named_with_the_remedy()
    {
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => TorchInstallation.FindAsync("no-such-python"));
        Assert.StartsWith("no PyTorch to compare with: no-such-python cannot be started", error.Message, StringComparison.Ordinal);
        Assert.Contains("apt-get install python3-torch", error.Message, StringComparison.Ordinal);
    }
}
