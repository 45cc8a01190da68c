using System.Text.Json.Nodes;
using Mnist.Cluster.Tests.Processes;
using Mnist.Coordinator.Tests.Support;

namespace Mnist.Coordinator.Tests.CommandLine;

public sealed class ResumeTests : IDisposable
{
    // Enough epochs that a run does not end between the event that a test waits for and what the test then does.
    private static readonly string[] LongRun = ["--epochs", "180", "--batch", "40", "--slices", "4"];
    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public ResumeTests() => _data = SyntheticDataset.Write(_folder.At("data"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_that_is_killed_at_any_moment_resumes_to_the_same_bits()
    {
        var undisturbed = (await TrainAsync([.. LongRun, "--out", "undisturbed"])).ExpectExitCode(0).Event("completed");

        // Before the first step, after the first epoch, and twice more on the way.
        await KillAtAsync(line => Is(line, "started"), [.. LongRun, "--out", "killed"]);
        await KillAtAsync(line => Is(line, "epoch"), ["--resume", "--out", "killed"]);
        await KillAtAsync(line => Step(line) >= 200, ["--resume", "--out", "killed", "--workers", "1"]);
        await KillAtAsync(line => Step(line) >= 500, ["--resume", "--out", "killed", "--workers", "3"]);
        var resumed = (await TrainAsync("--resume", "--out", "killed")).ExpectExitCode(0);

        Assert.True(resumed.Event("started")["resumed"]!.GetValue<bool>());
        AssertSameResult(undisturbed, resumed.Event("completed"));
    }

    [Fact]
    public async Task A_run_whose_files_could_not_be_written_resumes_to_the_same_bits()
    {
        var undisturbed = (await TrainAsync("--epochs", "2", "--out", "undisturbed")).ExpectExitCode(0).Event("completed");
        Directory.CreateDirectory(_folder.At("blocked", "model.safetensors"));

        var failed = await TrainAsync("--epochs", "2", "--out", "blocked");
        Directory.Delete(_folder.At("blocked", "model.safetensors"));
        var resumed = await TrainAsync("--resume", "--out", "blocked");

        failed.ExpectExitCode(2);
        Assert.Contains("cannot be written: ", failed.Error, StringComparison.Ordinal);
        AssertSameResult(undisturbed, resumed.ExpectExitCode(0).Event("completed"));
    }

    [Theory]
    [InlineData(Signals.Int, 130)]
    [InlineData(Signals.Term, 143)]
    public async Task A_signal_writes_a_checkpoint_that_the_run_resumes_from(int signal, int exitCode)
    {
        var undisturbed = (await TrainAsync([.. LongRun, "--out", "undisturbed"])).ExpectExitCode(0).Event("completed");
        using var process = MnistProcess.StartInForeground(
            _folder, ["train", "--json", "--data", _data, .. LongRun, "--checkpoint-interval", "3600"]);
        await process.WaitForEventAsync(line => Step(line) > 0);
        process.Signal(signal);
        var paused = (await process.WaitAsync()).ExpectExitCode(exitCode);

        var resumed = await TrainAsync("--resume");

        Assert.Empty(paused.Errors);
        Assert.Empty(paused.Events("completed"));
        Assert.Matches("^mnist train --resume --out runs/tiny-s1-", paused.Event("paused")["resumeCommand"]!.GetValue<string>());
        AssertSameResult(undisturbed, resumed.ExpectExitCode(0).Event("completed"));
    }

    [Fact]
    public async Task Options_that_would_change_the_result_are_refused()
    {
        await KillAtAsync(line => Is(line, "started"), [.. LongRun, "--out", "killed"]);

        var refused = await TrainAsync("--resume", "--out", "killed", "--epochs", "181");

        refused.ExpectExitCode(2);
        Assert.Matches(
            "^error: --epochs is 181, but run tiny-s1-[-0-9a-f]+ was begun with 180; leave --epochs out, or begin a new run",
            refused.Error);
    }

    [Fact]
    public async Task A_run_that_another_process_works_on_is_refused()
    {
        using var first = Start([.. LongRun, "--out", "shared"]);
        await first.WaitForEventAsync(line => Is(line, "started"));

        var second = await TrainAsync("--resume", "--out", "shared");
        await first.KillAsync();

        second.ExpectExitCode(2);
        Assert.Equal(
            "error: --out shared: another process works on the run there; wait until it ends, or choose another folder", second.Error);
    }

    [Fact]
    public async Task An_interrupted_run_is_not_overwritten()
    {
        await KillAtAsync(line => Is(line, "started"), [.. LongRun, "--out", "killed"]);

        var refused = await TrainAsync("--out", "killed");

        refused.ExpectExitCode(2);
        Assert.Equal(
            "error: --out killed: holds an interrupted run; continue it with --resume, or choose another folder", refused.Error);
    }

    [Fact]
    public async Task A_corrupt_checkpoint_is_an_error()
    {
        await KillAtAsync(line => line["epoch"]?.GetValue<int>() > 3, [.. LongRun, "--out", "killed"]);
        foreach (var file in Directory.EnumerateFiles(_folder.At("killed", "state"), "checkpoint*.state", SearchOption.AllDirectories))
        {
            FlipByte(file);
        }

        var refused = await TrainAsync("--resume", "--out", "killed");

        Assert.NotEqual(0, refused.ExitCode);
        refused.ExpectError("");
        Assert.Contains(".state", refused.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.At("killed", "result.json")));
    }

    [Fact]
    public async Task A_corrupt_description_of_the_run_is_an_error()
    {
        await KillAtAsync(line => Is(line, "started"), [.. LongRun, "--out", "killed"]);
        await File.WriteAllTextAsync(_folder.At("killed", "run.json"), "{\"format\": 1", TestContext.Current.CancellationToken);

        var refused = await TrainAsync("--resume", "--out", "killed");

        refused.ExpectExitCode(2).ExpectError($"{Path.Combine("killed", "run.json")}: not the description of a run: ");
    }

    [Fact]
    public async Task Without_an_interrupted_run_a_new_one_begins_and_says_so()
    {
        var finished = (await TrainAsync("--resume", "--epochs", "1")).ExpectExitCode(0);

        Assert.Equal("no interrupted run in runs: beginning a new one", finished.Event("note")["message"]!.GetValue<string>());
        Assert.False(finished.Event("started")["resumed"]!.GetValue<bool>());
    }

    private static bool Is(JsonObject line, string name) => line["event"]!.GetValue<string>() == name;

    private static long Step(JsonObject line) => Is(line, "progress") ? line["step"]!.GetValue<long>() : -1;

    private static void AssertSameResult(JsonObject expected, JsonObject actual)
    {
        Assert.Equal(expected["weightsSha256"]!.GetValue<string>(), actual["weightsSha256"]!.GetValue<string>());
        Assert.Equal(expected["ledger"]!.ToJsonString(), actual["ledger"]!.ToJsonString());
        Assert.Equal(0, actual["ledger"]!["missing"]!.GetValue<long>());
        Assert.Equal(0, actual["ledger"]!["duplicates"]!.GetValue<long>());
    }

    private static void FlipByte(string path)
    {
        var content = File.ReadAllBytes(path);
        content[content.Length / 2] ^= 0x10;
        File.WriteAllBytes(path, content);
    }

    private MnistProcess Start(params string[] arguments) =>
        MnistProcess.Start(_folder, ["train", "--json", .. arguments.Contains("--resume") ? [] : new[] { "--data", _data }, .. arguments]);

    private async Task<Finished> TrainAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        return await process.WaitAsync();
    }

    private async Task KillAtAsync(Func<JsonObject, bool> isMoment, string[] arguments)
    {
        using var process = Start(arguments);
        await process.WaitForEventAsync(isMoment);
        await process.KillAsync();
        Assert.DoesNotContain(
            Directory.GetFiles(_folder.Path, "result.json", SearchOption.AllDirectories),
            path => !path.Contains("undisturbed", StringComparison.Ordinal));
    }
}
