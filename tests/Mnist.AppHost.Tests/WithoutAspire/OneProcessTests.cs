using Mnist.Cluster.Tests.Processes;
using Mnist.Coordinator.Tests.Support;

namespace Mnist.AppHost.Tests;

/// <summary>The same program where Aspire or Orleans could not be restored.</summary>
public sealed class OneProcessTests
{
    [Fact]
    public async Task It_says_what_is_missing_and_serves_in_one_process_until_it_is_told_to_stop()
    {
        using var folder = new TemporaryFolder();
        var program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "Mnist.AppHost.exe" : "Mnist.AppHost");
        await using var process = ChildProcess.Start(
            "apphost", folder.Path, program, "--urls", "http://127.0.0.1:0", "--data", SyntheticDataset.Write(folder.At("data")));

        await process.WaitForLineAsync("what is missing", line => line.Contains("could not be restored", StringComparison.Ordinal));
        var url = await process.WaitForLineAsync("its URL", line => line.StartsWith("http://", StringComparison.Ordinal));
        using var client = new HttpClient();
        using var reply = await client.GetAsync(new Uri(new Uri(url.Text), "/health/ready"), TestContext.Current.CancellationToken);
        process.Signal(Signals.Term);

        Assert.True(reply.IsSuccessStatusCode);
        Assert.Equal(0, await process.WaitForExitAsync());
    }
}
