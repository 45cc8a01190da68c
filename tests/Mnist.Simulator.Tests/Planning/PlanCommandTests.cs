using Mnist.Simulator.Planning;
using Mnist.Simulator.Tests.CommandLine;

namespace Mnist.Simulator.Tests.Planning;

public sealed class PlanCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    private string Calibration => Path.Combine(_folder, "calibration.json");

    [Fact]
    public async Task A_plan_is_printed_and_written()
    {
        CalibrationFile.Read(Calibration).With(Clusters.Calibration).Write(Calibration);

        var result = await SimulatorProcess.RunAsync(
            "plan", "--workers", "1,4", "--calibration", Calibration, "--out", Path.Combine(_folder, "out"), "--json");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("{\"event\":\"planned\",\"workers\":4,\"silos\":2,", result.Output, StringComparison.Ordinal);
        var csv = Path.Combine(_folder, "out", "plan.csv");
        Assert.Equal(3, (await File.ReadAllLinesAsync(csv, TestContext.Current.CancellationToken)).Length);
        Assert.True(File.Exists(Path.Combine(_folder, "out", "plan.svg")));
    }

    [Theory]
    [InlineData("--workers is '5..1', expected", "--workers", "5..1")]
    [InlineData("--partitions is 600, expected at most 567 for the recipe tiny", "--partitions", "600")]
    [InlineData("slices is 3, expected a power of two", "--slices", "3")]
    public async Task What_cannot_be_planned_is_refused_before_anything_is_measured(string message, params string[] options)
    {
        var result = await SimulatorProcess.RunAsync(["plan", "--calibration", Calibration, .. options]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Calibration));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
