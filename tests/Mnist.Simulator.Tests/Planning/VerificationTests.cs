using Mnist.Learning;
using Mnist.Simulator.Planning;
using Mnist.Simulator.Tests.CommandLine;

namespace Mnist.Simulator.Tests.Planning;

public sealed class VerificationTests : IDisposable
{
    // Eight slices of 16 images one after the other, each of which takes 10 ms.
    private const double SteadyRate = 16 / (Clusters.SliceMicroseconds / 1e6);
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    [Fact]
    public void A_run_is_predicted_with_its_first_epoch_longer_than_the_others()
    {
        // 10 s of steps and 2.5 s of warming up.
        ProgramRun[] runs = [Run(1, 1280, 7.5, 5), Run(1, 1280, 7.5, 5), Run(2, 2560, 5, 5)];

        var verification = Verification.Of(Clusters.Create().Spec, Clusters.Calibration, runs);

        Assert.Equal(2.5, verification.WarmUpSeconds, 9);
        var (one, two) = (verification.Comparisons[0], verification.Comparisons[1]);
        Assert.Equal((1, 2), (one.Workers, two.Workers));
        Assert.Equal(1280 / ((1280 / SteadyRate) + 2.5), one.Predicted, 0.01 * one.Predicted);
        Assert.Equal(2560 / ((2560 / (2 * SteadyRate)) + 2.5), two.Predicted, 0.01 * two.Predicted);
        Assert.Equal(2560 / 10.0, two.Measured, 9);
    }

    [Fact]
    public void The_median_of_the_runs_counts_and_a_single_epoch_tells_nothing_of_warming_up()
    {
        ProgramRun[] runs = [Run(1, 100, 1), Run(1, 300, 1), Run(1, 200, 1), Run(2, 100, 1)];

        var verification = Verification.Of(Clusters.Create().Spec, Clusters.Calibration, runs);

        Assert.Equal(0, verification.WarmUpSeconds);
        var one = verification.Comparisons[0];
        Assert.Equal((200, 100, 300), (one.Measured, one.Slowest, one.Fastest));
    }

    [Fact]
    public void A_run_is_read_from_its_result()
    {
        var path = Path.Combine(_folder, "result.json");
        File.WriteAllText(path, """{"workers": 2, "imagesPerSecond": 50, "epochs": [{"epoch": 1, "seconds": 3}, {"seconds": 1.5}]}""");

        var run = ProgramRun.Read(path);

        Assert.Equal((2, 50, 225, 1.5), (run.Workers, run.ImagesPerSecond, run.Images, run.WarmUpSeconds));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"workers": "two", "imagesPerSecond": 50, "epochs": []}""")]
    public void What_is_not_the_result_of_a_run_is_refused(string content)
    {
        var path = Path.Combine(_folder, "result.json");
        File.WriteAllText(path, content);

        var exception = Assert.Throws<InvalidInputException>(() => ProgramRun.Read(path));

        Assert.StartsWith($"{path}: is not the result of a run: ", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_refused_before_anything_is_measured()
    {
        var result = await SimulatorProcess.RunAsync("plan", "--verify", Path.Combine(_folder, "mnist.dll"));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("mnist.dll: no such file, expected mnist or mnist.dll", result.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static ProgramRun Run(int workers, double images, params double[] epochSeconds) =>
        new(workers, images / epochSeconds.Sum(), epochSeconds);
}
