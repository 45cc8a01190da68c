using Mnist.Cluster.Tests.Processes;
using Mnist.Coordinator.Tests.Support;
using Mnist.Grains;

namespace Mnist.Cluster.Tests.Settings;

public sealed class SiloProgramTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("error: --cluster is 'nowhere', expected primary://IP:PORT, ", "--cluster", "nowhere")]
    [InlineData("error: --speed is no option (`mnist-silo --help` lists what there is)", "--speed", "1")]
    [InlineData("error: --data has no value (`mnist-silo --help` lists what there is)", "--data")]
    [InlineData("error: Dashboard:Enabled is true, but Http:Port is missing, ", "--Dashboard:Enabled", "true")]
    [InlineData("error: Training:Engine is 'gpu', expected one of simd, torch", "--engine", "gpu")]
    [InlineData("error: Training:TorchDevice is 'cuda', but Training:Engine is 'simd', expected torch", "--torch-device", "cuda")]
    public async Task What_is_not_usable_is_said_in_one_line(string error, params string[] arguments)
    {
        Assert.SkipUnless(Edition.Name == "Cluster", "the Embedded edition says first that it has no silos");
        await using var silo = ChildProcess.Start("silo", _folder.Path, Programs.Dotnet, [.. Programs.Silo, .. arguments]);

        Assert.Equal(2, await silo.WaitForExitAsync());
        Assert.StartsWith(error, Assert.Single(silo.Lines).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_Orleans_it_names_the_packages_that_are_missing()
    {
        Assert.SkipUnless(Edition.Name == "Embedded", "Orleans is there");
        await using var silo = ChildProcess.Start("silo", _folder.Path, Programs.Dotnet, Programs.Silo);

        Assert.Equal(2, await silo.WaitForExitAsync());
        Assert.Contains("Microsoft.Orleans.Server", Assert.Single(silo.Lines).Text, StringComparison.Ordinal);
    }
}
