using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Mnist.Deploy.Tests;

/// <summary>What <c>docs/OPERATIONS.md</c> tells people to type.</summary>
public sealed partial class OperationsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    /// <summary>Commands with <c>kubectl</c>, from code blocks and from the text.</summary>
    public static TheoryData<string> Commands => [.. Code().Where(line => line.Contains("kubectl ", StringComparison.Ordinal)).Distinct()];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Kubectl_understands_every_command_and_asks_the_cluster(string command)
    {
        Assert.SkipWhen(ToolProcess.Run("", "kubectl", "version", "--client") is null, "kubectl is not installed");

        // Nobody listens at port 1: whatever is understood ends when it looks for the cluster.
        var config = Path.Combine(_folder.FullName, "config");
        File.WriteAllText(config, """
            {"apiVersion":"v1","kind":"Config","current-context":"none",
             "clusters":[{"name":"none","cluster":{"server":"http://127.0.0.1:1"}}],
             "contexts":[{"name":"none","context":{"cluster":"none","user":"none"}}],"users":[{"name":"none","user":{}}]}
            """);
        var start = new ProcessStartInfo("sh", ["-c", command])
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            Environment = { ["KUBECONFIG"] = config, ["KUBE_EDITOR"] = "true" },
        };
        File.CreateSymbolicLink(Path.Combine(_folder.FullName, "deploy"), Files.At("deploy"));
        File.WriteAllText(Path.Combine(_folder.FullName, "runs.tar.gz"), "");
        File.WriteAllText(Path.Combine(_folder.FullName, "checkpoints.rdb"), "");

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Contains("127.0.0.1:1", errors + await output, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_object_that_is_named_is_there()
    {
        var overlay = Overlay.Load("cloud");
        var objects = overlay.Objects.Select(item => $"{item.Kind}/{item.Metadata.Name}".ToUpperInvariant()).ToHashSet();
        var named = Code().SelectMany(line => ObjectName().Matches(line)).Select(match => match.Value).Distinct().ToList();

        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.Contains(
            name.Replace("hpa/", "horizontalpodautoscaler/", StringComparison.Ordinal).ToUpperInvariant(), objects));
    }

    /// <summary>The commands of code blocks, continued lines joined, and code in the text.</summary>
    private static IEnumerable<string> Code()
    {
        var inBlock = false;
        var text = Files.Read("docs/OPERATIONS.md").Replace("\\\n", " ", StringComparison.Ordinal);
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                inBlock = !inBlock;
                continue;
            }

            foreach (var code in inBlock ? [line] : InlineCode().Matches(line).Select(match => match.Groups[1].Value))
            {
                if (code != "kubectl" && !code.EndsWith("-n mnist", StringComparison.Ordinal))
                {
                    yield return code;
                }
            }
        }
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex InlineCode();

    [GeneratedRegex(
        @"\b(deployment|statefulset|service|hpa|poddisruptionbudget|persistentvolumeclaim|horizontalpodautoscaler)/[a-z][a-z-]*")]
    private static partial Regex ObjectName();
}
