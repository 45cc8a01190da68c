using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mnist.Coordinator.Tests.Support;

namespace Mnist.AppHost.Tests;

/// <summary>The application itself, on a small data set: Aspire's orchestrator starts the programs.</summary>
public sealed class StartTests
{
    private const int LinesOfLog = 40;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task Two_silos_train_the_same_weights_as_the_one_that_is_left_when_the_other_is_drained()
    {
        using var folder = new TemporaryFolder();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync(
            typeof(TrainingApplication),
            [
                $"--Parameters:clustering={Clustering()}",
                $"--Parameters:data={SyntheticDataset.Write(folder.At("data"))}",
                $"--Parameters:runs={folder.At("runs")}",
            ],
            patience.Token);
        builder.Services.AddFakeLogging();
        await using var application = await builder.BuildAsync(patience.Token);
        try
        {
            await TrainDrainAndKillAsync(application, patience.Token);
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            Assert.Fail($"not done after {Patience}; the log ends with\n{EndOfLog(application)}");
        }
    }

    private static async Task TrainDrainAndKillAsync(DistributedApplication application, CancellationToken stop)
    {
        await application.StartAsync(stop);
        await application.ResourceNotifications.WaitForResourceHealthyAsync(TrainingApplication.Silo, stop);
        await application.ResourceNotifications.WaitForResourceHealthyAsync(TrainingApplication.Coordinator, stop);
        using var client = application.CreateHttpClient(TrainingApplication.Coordinator, "http");

        var silos = await client.GetFromJsonAsync<JsonElement>("/api/silos", stop);
        Assert.Equal(2, silos.EnumerateArray().Count(IsOpenToThisMachineAlone));
        var undisturbed = await TrainAsync(application, client, 1, stop);
        var drained = await EndOneAsync(application, SiloCommands.Drain, stop);
        var afterwards = await TrainAsync(application, client, 2, stop);
        var killed = await EndOneAsync(application, SiloCommands.Kill, stop);

        Assert.Equal(undisturbed, afterwards);
        Assert.Equal(0, drained);
        Assert.NotEqual(0, killed);
        await application.StopAsync(stop);
    }

    /// <summary>What the orchestrator and its resources said last, their states among it.</summary>
    private static string EndOfLog(DistributedApplication application) => string.Join('\n', application.Services
        .GetFakeLogCollector()
        .GetSnapshot()
        .TakeLast(LinesOfLog)
        .Select(line => $"{line.Timestamp:T} {line.Category?.Split('.')[^1]}: {line.Message}{line.Exception}"));

    private static ClusteringKind Clustering() =>
        ClusteringChoice.HasRedis && ClusteringChoice.FindProgram(RedisResources.Server) is not null
            ? ClusteringKind.Executable
            : ClusteringKind.Development;

    private static bool IsOpenToThisMachineAlone(JsonElement silo) =>
        silo.GetProperty("status").GetString() == "active"
        && silo.GetProperty("address").GetString()!.StartsWith("S127.0.0.1:", StringComparison.Ordinal);

    /// <summary>Starts a run as the dashboard does.</summary>
    /// <returns>The SHA-256 of its weights.</returns>
    private static async Task<string> TrainAsync(DistributedApplication application, HttpClient client, int runs, CancellationToken stop)
    {
        var result = await application.ResourceCommands.ExecuteCommandAsync(TrainingApplication.Coordinator, RunCommands.StartRun, stop);
        Assert.True(result.Success, result.Message);
        while (true)
        {
            var list = await client.GetFromJsonAsync<JsonElement>("/api/runs", stop);
            var newest = list.GetProperty("items")[0];
            Assert.Equal(runs, list.GetProperty("total").GetInt32());
            if (newest.GetProperty("status").GetString() is var status && status is "completed" or "failed")
            {
                Assert.Equal("", newest.GetProperty("error").GetString());
                return newest.GetProperty("weightsSha256").GetString()!;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), stop);
        }
    }

    /// <summary>Ends a silo by one of its commands.</summary>
    /// <returns>Its exit code.</returns>
    private static async Task<int?> EndOneAsync(DistributedApplication application, string command, CancellationToken stop)
    {
        var silos = application.ResourceNotifications;
        var running = await silos.WaitForResourceAsync(
            TrainingApplication.Silo, silo => silo.Snapshot.State?.Text == KnownResourceStates.Running, stop);
        var result = await application.ResourceCommands.ExecuteCommandAsync(running.ResourceId, command, stop);
        Assert.True(result.Success, result.Message);
        var ended = await silos.WaitForResourceAsync(
            TrainingApplication.Silo,
            silo => silo.ResourceId == running.ResourceId && KnownResourceStates.TerminalStates.Contains(silo.Snapshot.State?.Text),
            stop);
        return ended.Snapshot.ExitCode;
    }
}
