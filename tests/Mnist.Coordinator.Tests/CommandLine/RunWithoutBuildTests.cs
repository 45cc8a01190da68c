using System.Reflection;
using Mnist.Coordinator.Tests.Support;

namespace Mnist.Coordinator.Tests.CommandLine;

/// <summary>How <c>dotnet run --no-build</c> finds the program (<c>eng/RunWithoutBuild.props</c>).</summary>
public sealed class RunWithoutBuildTests : IDisposable
{
    // An SDK starts what this property names; without one, the project file alone decides.
    private const string NoProgram = "no-such-program";
    private readonly TemporaryFolder _folder = new();

    /// <summary>Whether the program lies where a build puts it that is not told to put it elsewhere.</summary>
    public static bool IsInItsPlace =>
        Directory.Exists(Path.Combine(Project, "bin", Configuration, $"net{Environment.Version.Major}.{Environment.Version.Minor}"));

    private static string Project => Metadata("CoordinatorProject");

    private static string Configuration => Metadata("Configuration");

    public void Dispose() => _folder.Dispose();

    [Fact(Skip = "this build puts its output elsewhere", SkipUnless = nameof(IsInItsPlace))]
    public async Task It_starts_the_program_without_evaluating_an_SDK()
    {
        var finished = await RunAsync("-c", Configuration, "--", "--version");

        Assert.StartsWith("mnist ", Assert.Single(finished.ExpectExitCode(0).Output), StringComparison.Ordinal);
    }

    [Fact(Skip = "this build puts its output elsewhere", SkipUnless = nameof(IsInItsPlace))]
    public async Task Other_options_are_left_to_the_SDK()
    {
        var finished = await RunAsync("-c", Configuration, "--no-launch-profile", "--", "--version");

        Assert.NotEqual(0, finished.ExitCode);
        Assert.Empty(finished.Output);
        Assert.Contains(NoProgram, string.Join('\n', finished.Errors), StringComparison.Ordinal);
    }

    private static string Metadata(string key) =>
        typeof(RunWithoutBuildTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == key).Value!;

    private async Task<Finished> RunAsync(params string[] options)
    {
        using var process = MnistProcess.StartWithoutBuild(_folder, Project, options, NoProgram);
        return await process.WaitAsync();
    }
}
