using Mnist.Benchmarks.Load;
using Mnist.Coordinator.Tests.Support;
using Mnist.Learning.Data;

namespace Mnist.Benchmarks.Tests;

/// <summary>The load that <c>mnist-benchmarks load</c> makes, on a small scale: a coordinator in a process of its own.</summary>
public sealed class LoadTests
{
    private static readonly LoadOptions Options = new(Readers: 3, PredictionsPerSecond: 20, Turns: 1, TurnSeconds: 1, SoakSeconds: 1);

    [Fact]
    public async Task Readers_and_predictions_are_served_while_training_goes_on()
    {
        using var folder = new TemporaryFolder();
        var data = SyntheticDataset.Write(folder.At("data"));
        var (turns, memory) = (new List<TurnEvent>(), new List<MemoryEvent>());

        await new LoadTest(Options, DatasetReader.Load(data), turns.Add, memory.Add).RunAsync(
            folder.At("runs"), data, TestContext.Current.CancellationToken);

        Assert.Equal((1, 0), (Assert.Single(turns).Turn, turns[0].Failures));
        Assert.NotEmpty(memory);
        Assert.All(memory, sample => Assert.True(sample is { Failures: 0, ResidentMegabytes: > 1 }, $"{sample}"));
    }
}
