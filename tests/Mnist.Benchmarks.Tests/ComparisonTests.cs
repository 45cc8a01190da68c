using Mnist.Benchmarks.Comparison;

namespace Mnist.Benchmarks.Tests;

public sealed class ComparisonTests
{
    [Fact]
    public void Ratios_are_of_the_better_batches_run_by_run()
    {
        var summary = NetworkSummary.Of("tiny", TinyMeasurements());

        Assert.Equal(256, summary[Contestant.TwoWorkers].Batch);
        Assert.Equal([200.0, 100.0, 250.0], summary[Contestant.TwoWorkers].Rates);
        Assert.Equal(64, summary[Contestant.TorchTwoProcesses].Batch);
        Assert.Equal(10, summary.AgainstDdp);
        Assert.Equal(5, summary.AgainstOneProcess);
        Assert.Equal(2, summary.Scaling);
        Assert.Equal(2, summary.PossibleScaling);
        Assert.Equal(0.8, summary.OfPossible);
    }

    [Fact]
    public void The_table_has_a_row_for_each_network()
    {
        var lines = ComparisonText.Throughput([NetworkSummary.Of("tiny", TinyMeasurements())]);

        Assert.Equal(3, lines.Count);
        Assert.Equal(
            "| `tiny` | 100 (256) | 200 (256) | 125 (256) | 250 (64) | 10 (256) | 40 (64) | 20 (64) "
            + "| 10.00× | 5.00× | 2.00× | 2.00× | 80 % |",
            lines[2]);
        Assert.All(lines, line => Assert.Equal(lines[0].Count(c => c == '|'), line.Count(c => c == '|')));
    }

    [Fact]
    public void A_race_says_who_misses_the_accuracy()
    {
        var summary = RaceSummary.Of(
        [
            new TrainedRecipe(1, Contestant.TwoWorkers, 2, 0.9912),
            new TrainedRecipe(1, Contestant.TorchTwoProcesses, 30, 0.9893),
            new TrainedRecipe(2, Contestant.TorchTwoProcesses, 20, 0.9920),
            new TrainedRecipe(2, Contestant.TwoWorkers, 1, 0.9922),
        ]);

        Assert.Equal(17.5, summary.Ratio);
        var lines = ComparisonText.Race(summary);
        Assert.Equal("| 2 workers | 1.50 s | 99.12 % | 17.50× |", lines[2]);
        Assert.Equal("| PyTorch DDP, 2 processes | 25.00 s | 98.93 %, below 99 % |  |", lines[3]);
    }

    /// <summary>Three runs, the second of them at half speed, and some of another network.</summary>
    private static IEnumerable<Measurement> TinyMeasurements()
    {
        (Contestant Contestant, int Batch, double Rate)[] usual =
        [
            (Contestant.OneWorker, 64, 90), (Contestant.OneWorker, 256, 100),
            (Contestant.TwoWorkers, 64, 150), (Contestant.TwoWorkers, 256, 200),
            (Contestant.OnePlainLoop, 64, 105), (Contestant.OnePlainLoop, 256, 125),
            (Contestant.TwoPlainLoops, 64, 250), (Contestant.TwoPlainLoops, 256, 200),
            (Contestant.TorchOneThread, 64, 8), (Contestant.TorchOneThread, 256, 10),
            (Contestant.TorchTwoThreads, 64, 40), (Contestant.TorchTwoThreads, 256, 30),
            (Contestant.TorchTwoProcesses, 64, 20), (Contestant.TorchTwoProcesses, 256, 15),
        ];
        double[] speeds = [1, 0.5, 1.25];
        for (var run = speeds.Length; run >= 1; run--)
        {
            foreach (var (contestant, batch, rate) in usual)
            {
                yield return new Measurement(run, contestant, new Work("tiny", batch), rate * speeds[run - 1]);
                yield return new Measurement(run, contestant, new Work("wide", batch), 1);
            }
        }
    }
}
