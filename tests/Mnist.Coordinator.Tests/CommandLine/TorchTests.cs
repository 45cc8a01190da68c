using Mnist.Coordinator.Runs;
using Mnist.Coordinator.Tests.Support;
using Mnist.Learning;
using Mnist.Learning.Specification;

namespace Mnist.Coordinator.Tests.CommandLine;

/// <summary>The engine torch, in builds with and without it (-p:Torch=true).</summary>
public sealed class TorchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public TorchTests() => _data = SyntheticDataset.Write(_folder.At("data"));

    /// <summary>Whether the program under test was built with TorchSharp.</summary>
    public static bool HasTorch => File.Exists(Path.Combine(AppContext.BaseDirectory, "TorchSharp.dll"));

    public void Dispose() => _folder.Dispose();

    [Fact(Skip = "this build has no TorchSharp: -p:Torch=true", SkipUnless = nameof(HasTorch))]
    public async Task It_learns_loses_nothing_and_is_named_in_the_results()
    {
        var simd = (await TrainAsync("--out", "simd")).Event("completed");
        var finished = await TrainAsync("--out", "torch", "--engine", "torch", "--torch-device", "cpu");

        var torch = finished.ExpectExitCode(0).Event("completed");
        Assert.Equal("torch (cpu)", torch["engine"]!.GetValue<string>());
        Assert.Equal(simd["specSha256"]!.GetValue<string>(), torch["specSha256"]!.GetValue<string>());
        Assert.Equal(simd["ledger"]!.ToJsonString(), torch["ledger"]!.ToJsonString());
        Assert.Equal(simd["testAccuracy"]!.GetValue<double>(), torch["testAccuracy"]!.GetValue<double>(), 0.02);
    }

    [Fact(Skip = "this build has TorchSharp", SkipWhen = nameof(HasTorch))]
    public async Task Without_TorchSharp_it_names_the_packages_that_are_missing()
    {
        var finished = await TrainAsync("--out", "torch", "--engine", "torch");

        finished.ExpectExitCode(2).ExpectError("--engine is 'torch', which needs TorchSharp ");
        Assert.False(Directory.Exists(_folder.At("torch")));
    }

    [Theory]
    [InlineData("torch", null, "--engine is torch, but run r was begun with simd; ")]
    [InlineData(null, "cuda", "--torch-device is cuda, but run r was begun with cpu; ")]
    public void A_run_goes_on_with_the_engine_that_it_was_begun_with(string? engine, string? device, string refusal)
    {
        var manifest = RunManifest.Create("r", Recipes.Create("tiny", 1, new string('a', 64), 1000, new RunOverrides()), "", null, 1, 1, 5);

        var exception = Assert.Throws<InvalidInputException>(() => SpecificationConflict.CheckEngine(engine, device, manifest));

        Assert.StartsWith(refusal, exception.Message, StringComparison.Ordinal);
        SpecificationConflict.CheckEngine(engine, device, manifest with { Engine = "torch", TorchDevice = "cuda" });
    }

    private Task<Finished> TrainAsync(params string[] options) =>
        MnistProcess.RunAsync(_folder, ["train", "--json", "--data", _data, "--epochs", "4", .. options]);
}
