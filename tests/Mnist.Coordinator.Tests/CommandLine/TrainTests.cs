using System.Text.Json.Nodes;
using Mnist.Coordinator.Tests.Support;

namespace Mnist.Coordinator.Tests.CommandLine;

public sealed class TrainTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public TrainTests() => _data = SyntheticDataset.Write(_folder.At("data"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_learns_and_writes_its_files()
    {
        var finished = await TrainAsync("--out", "results", "--epochs", "8", "--workers", "2");

        var completed = finished.Event("completed");
        Assert.Empty(finished.Errors);
        Assert.Equal(8, completed["epochs"]!.AsArray().Count);
        Assert.True(completed["testAccuracy"]!.GetValue<double>() > 0.9, $"accuracy {completed["testAccuracy"]}");
        Assert.Equal(8 * SyntheticDataset.TrainedCount, completed["ledger"]!["samples"]!.GetValue<long>());
        Assert.Equal(0, completed["ledger"]!["missing"]!.GetValue<long>());
        Assert.Equal(0, completed["ledger"]!["duplicates"]!.GetValue<long>());
        Assert.Equal(8, finished.Events("epoch").Count());
        Assert.Equal("simd", completed["engine"]!.GetValue<string>());
        var json = await File.ReadAllTextAsync(_folder.At("results", "result.json"), TestContext.Current.CancellationToken);
        var result = JsonNode.Parse(json)!;
        Assert.Equal(Sha256(completed), Sha256(result));
        Assert.True(result["startSeconds"]!.GetValue<double>() > 0);
        Assert.True(result["firstStepAt"]!.GetValue<DateTimeOffset>() < result["finishedAt"]!.GetValue<DateTimeOffset>());
        Assert.All(
            [
                "model.safetensors", "metrics.csv", "report.html",
                "samples.png", "correct.png", "misclassified.png", "confusion.png", "curves.png",
            ],
            name => Assert.True(new FileInfo(_folder.At("results", name)) is { Exists: true, Length: > 0 }, name));
    }

    [Fact]
    public async Task Any_number_of_workers_and_partitions_ends_with_the_same_bits()
    {
        var hashes = new List<string>();
        foreach (var (workers, partitions) in new[] { ("1", "1"), ("2", "1"), ("3", "1"), ("2", "3") })
        {
            var finished = await TrainAsync(
                "--out", $"w{workers}p{partitions}", "--epochs", "2", "--workers", workers, "--partitions", partitions);
            hashes.Add(Sha256(finished.Event("completed")));
        }

        Assert.Single(hashes.Distinct());
    }

    [Fact]
    public async Task Another_seed_ends_with_other_bits()
    {
        var one = await TrainAsync("--out", "s1", "--epochs", "1", "--seed", "1");
        var two = await TrainAsync("--out", "s2", "--epochs", "1", "--seed", "2");

        Assert.NotEqual(Sha256(one.Event("completed")), Sha256(two.Event("completed")));
    }

    [Fact]
    public async Task A_run_without_out_goes_to_a_folder_of_its_own_below_runs()
    {
        var finished = await TrainAsync("--epochs", "1", "--seed", "9");

        var started = finished.Event("started");
        Assert.Matches("^tiny-s9-[0-9]{8}-[0-9]{6}-[0-9a-f]{4}$", started["runId"]!.GetValue<string>());
        Assert.Equal(Path.Combine("runs", started["runId"]!.GetValue<string>()), started["out"]!.GetValue<string>());
        Assert.True(File.Exists(_folder.At(started["out"]!.GetValue<string>(), "result.json")));
    }

    [Fact]
    public async Task Redirected_output_is_plain_lines_without_control_codes()
    {
        var finished = await MnistProcess.RunAsync(_folder, "train", "--data", _data, "--epochs", "1", "--out", "plain");

        finished.ExpectExitCode(0);
        Assert.All(finished.Output, line => Assert.DoesNotContain('\e', line));
        Assert.Contains(finished.Output, line => line.StartsWith("epoch 1/1  loss ", StringComparison.Ordinal));
        Assert.Contains(finished.Output, line => line.StartsWith("weights SHA-256", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_target_accuracy_ends_the_run_early()
    {
        var finished = await TrainAsync("--out", "target", "--epochs", "50", "--target-accuracy", "0.8", "--validation", "100");

        Assert.InRange(finished.Event("completed")["epochs"]!.AsArray().Count, 1, 49);
        Assert.True(finished.Events("epoch").Last()["validationAccuracy"]!.GetValue<double>() >= 0.8);
    }

    [Fact]
    public async Task A_folder_that_holds_a_finished_run_is_not_overwritten()
    {
        await TrainAsync("--out", "once", "--epochs", "1");
        var before = await File.ReadAllBytesAsync(_folder.At("once", "result.json"), TestContext.Current.CancellationToken);

        var again = await MnistProcess.RunAsync(_folder, "train", "--data", _data, "--epochs", "1", "--out", "once");

        again.ExpectExitCode(2);
        Assert.Equal("error: --out once: holds a finished run; choose another folder, or delete this one", again.Error);
        Assert.Equal(before, await File.ReadAllBytesAsync(_folder.At("once", "result.json"), TestContext.Current.CancellationToken));
    }

    private static string Sha256(JsonNode node) => node["weightsSha256"]!.GetValue<string>();

    private async Task<Finished> TrainAsync(params string[] arguments)
    {
        var finished = await MnistProcess.RunAsync(_folder, ["train", "--json", "--data", _data, .. arguments]);
        return finished.ExpectExitCode(0);
    }
}
