using System.Text.RegularExpressions;
using k8s.Models;

namespace Mnist.Deploy.Tests;

/// <summary>The images are what the files for Kubernetes take them for.</summary>
public sealed partial class ImageTests
{
    private const string Path = "deploy/images/Dockerfile";
    private static readonly string Text = Files.Read(Path);

    public static TheoryData<string, string> Programs => new()
    {
        { Overlay.Silo, "src/Mnist.Silo/Mnist.Silo.csproj" },
        { Overlay.Coordinator, "src/Mnist.Coordinator/Mnist.Coordinator.csproj" },
    };

    [Theory]
    [MemberData(nameof(Programs))]
    public void An_image_runs_its_program_as_the_user_and_at_the_ports_that_its_pod_has(string deployment, string project)
    {
        var stage = Stage(deployment.Replace("mnist-", "", StringComparison.Ordinal));
        var program = Element(Files.Read(project), "AssemblyName");
        var overlay = Overlay.Load("cloud");
        var ports = overlay.ContainerOf(deployment).Ports.Select(port => $"{port.ContainerPort}");
        var user = overlay.Get<V1Deployment>(deployment).Spec.Template.Spec.SecurityContext.RunAsUser;

        Assert.Contains($"ENTRYPOINT [\"dotnet\", \"/opt/mnist/{program}.dll\"]", stage, StringComparison.Ordinal);
        Assert.Contains($"dotnet publish {System.IO.Path.GetDirectoryName(project)} ", Stage("build"), StringComparison.Ordinal);
        Assert.Contains($"EXPOSE {string.Join(' ', ports)}", stage, StringComparison.Ordinal);
        Assert.Contains($"USER {user}\n", Stage("runtime"), StringComparison.Ordinal);
        Assert.DoesNotContain("USER", stage, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_have_the_data_where_the_programs_look_for_it()
    {
        Assert.Contains("ENV XDG_CACHE_HOME=/var/cache\n", Stage("runtime"), StringComparison.Ordinal);
        Assert.Contains("COPY --from=data / /var/cache/mnist/\n", Stage("runtime"), StringComparison.Ordinal);
    }

    [Fact]
    public void Images_are_made_of_stages_that_are_there()
    {
        var stages = StageName().Matches(Text).Select(match => match.Groups[1].Value).ToList();

        Assert.All(CopiedStage().Matches(Text), match => Assert.Contains(match.Groups[1].Value, stages));
    }

    [Fact]
    public void Images_use_the_framework_that_the_programs_are_built_for()
    {
        var framework = Element(Files.Read("eng/TargetFramework.props"), "TargetFramework").Replace("net", "", StringComparison.Ordinal);

        Assert.Equal([framework, framework], FrameworkImage().Matches(Text).Select(match => match.Groups[1].Value));
    }

    /// <summary>The lines of a stage.</summary>
    private static string Stage(string name) =>
        Text.Split("FROM ").Single(part => part.Split('\n')[0].EndsWith($" AS {name}", StringComparison.Ordinal));

    private static string Element(string project, string name) =>
        Regex.Match(project, $"<{name}>(.+)</{name}>") is { Success: true } match
            ? match.Groups[1].Value : throw new InvalidOperationException($"there is no {name}");

    [GeneratedRegex(@"^FROM .+ AS (\w+)$", RegexOptions.Multiline)]
    private static partial Regex StageName();

    [GeneratedRegex(@"^COPY .*--from=(\w+)", RegexOptions.Multiline)]
    private static partial Regex CopiedStage();

    [GeneratedRegex(@"/dotnet/(?:sdk|aspnet):(\S+)")]
    private static partial Regex FrameworkImage();
}
