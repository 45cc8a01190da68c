using Mnist.Simulator.Faults;

namespace Mnist.Simulator.Tests.CommandLine;

public sealed class CommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mnist-simulator-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_sweep_and_a_replay_see_the_same_events()
    {
        var sweep = await SimulatorProcess.RunAsync("run", "--seeds", "3", "--out", _folder, "--json");
        var replay = await SimulatorProcess.RunAsync("replay", "3", "--json");

        var row = (await File.ReadAllLinesAsync(Path.Combine(_folder, "seeds.csv"), TestContext.Current.CancellationToken))[1].Split(',');
        Assert.Equal(1, sweep.Event("completed")["seeds"]!.GetValue<int>());
        Assert.Equal(replay.Event("completed")["eventHash"]!.GetValue<string>(), row[3]);
        Assert.True(File.Exists(Path.Combine(_folder, "summary.json")));
    }

    [Fact]
    public async Task A_saved_plan_replays_as_its_seed_does()
    {
        var file = Path.Combine(_folder, "plan.json");

        var seed = await SimulatorProcess.RunAsync("replay", "5", "--save", file);
        var plan = await SimulatorProcess.RunAsync("replay", file);

        Assert.Equal(seed.Output, plan.Output);
        Assert.Contains("event hash ", plan.Output, StringComparison.Ordinal);
        Assert.Equal(FaultPlanJson.Serialize(FaultPlanGenerator.Create(5)), FaultPlanJson.Serialize(FaultPlanJson.Read(file)));
    }

    [Fact]
    public async Task The_help_shows_how_the_program_is_used()
    {
        var help = await SimulatorProcess.RunAsync("--help");

        Assert.Equal(0, help.ExitCode);
        Assert.Contains("mnist-simulator run --seeds 1..10000", help.Output, StringComparison.Ordinal);
        Assert.Contains("1    an invariant did not hold", help.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--seeds is '5..1', expected seeds", "run", "--seeds", "5..1")]
    [InlineData("--jobs is '0', expected a whole number from 1", "run", "--jobs", "0")]
    [InlineData("--minutes is '-1', expected a number above 0", "run", "--minutes", "-1")]
    [InlineData("--keep-going and --max-failures contradict each other", "run", "--keep-going", "--max-failures", "2")]
    [InlineData("no-such-plan.json: cannot be read", "replay", "no-such-plan.json")]
    [InlineData("no-such-plan.json: cannot be read", "shrink", "no-such-plan.json")]
    [InlineData("--save no-such-folder/plan.json: cannot be written", "replay", "1", "--save", "no-such-folder/plan.json")]
    public async Task Bad_input_gets_one_line_that_names_it(string expected, params string[] arguments)
    {
        var finished = await SimulatorProcess.RunAsync(arguments);

        Assert.Equal(2, finished.ExitCode);
        Assert.StartsWith($"error: {expected}", finished.Errors, StringComparison.Ordinal);
        Assert.Single(finished.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Empty(finished.Output);
    }

    [Fact]
    public async Task A_plan_that_does_not_fail_is_not_shrunk()
    {
        var file = Path.Combine(_folder, "plan.json");
        FaultPlanJson.Write(file, new FaultPlan { Seed = 1, Cluster = new ClusterShape(), Run = new RunShape(), Faults = [] });

        var finished = await SimulatorProcess.RunAsync("shrink", file);

        Assert.Equal(2, finished.ExitCode);
        Assert.StartsWith($"error: {file}: every invariant holds", finished.Errors, StringComparison.Ordinal);
    }
}
