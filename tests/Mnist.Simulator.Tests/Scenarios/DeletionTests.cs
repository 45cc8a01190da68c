using Microsoft.Extensions.DependencyInjection;
using Mnist.Grains.Compute;
using Mnist.Grains.Contracts;
using Mnist.Grains.Grains;
using Mnist.Grains.Protocol;
using Mnist.Learning.Specification;
using Mnist.Simulator.Faults;
using Mnist.Simulator.Models;
using Orleans.Simulation;

namespace Mnist.Simulator.Tests.Scenarios;

/// <summary>A run is deleted, and whoever works on it is lost at each step of the deletion in turn.</summary>
public sealed class DeletionTests
{
    private const string Deleted = "deleted";
    private const string Kept = "kept";
    private static readonly RunShape Shape = new() { Workers = 2, Partitions = 2, Epochs = 1 };
    private static readonly string SpecJson = RunSpecJson.Serialize(TrialModels.CreateSpec(Shape));

    /// <summary>What becomes of an operation on storage, and of the silo that asked for it.</summary>
    public enum Accident
    {
        /// <summary>The silo of the run crashes when it has asked for the operation.</summary>
        Crash,

        /// <summary>The operation is not executed.</summary>
        Refusal,

        /// <summary>The operation is executed, and nobody learns so.</summary>
        LostAcknowledgement,
    }

    [Theory]
    [InlineData(Accident.Crash)]
    [InlineData(Accident.Refusal)]
    [InlineData(Accident.LostAcknowledgement)]
    public void A_deletion_that_is_lost_half_way_is_finished_by_the_next_one(Accident accident)
    {
        var operation = 0;
        while (Delete(operation, accident))
        {
            operation++;
        }

        // The record is read, marked and cleared; four slots are read and found empty, and are read and cleared.
        Assert.True(operation >= 15, $"only {operation} operations were hit");
    }

    /// <summary>Trains two runs, deletes one with an accident, and looks at what is left.</summary>
    /// <param name="hit">Number of the operation on storage that the accident befalls.</param>
    /// <param name="accident">The accident.</param>
    /// <returns>Whether the deletion had so many operations.</returns>
    private static bool Delete(int hit, Accident accident)
    {
        using var cluster = Cluster((ulong)hit + 1);
        cluster.Call(async grains =>
        {
            foreach (var runId in (string[])[Deleted, Kept])
            {
                await TrainAsync(grains.GetGrain<ITrainingRunGrain>(runId), cluster.Time);
            }
        });
        var kept = cluster.StoredRecords.Where(record => record.Grain.Contains(Kept, StringComparison.Ordinal)).ToArray();
        Assert.Equal(5, kept.Length);
        var operations = 0;
        cluster.Storage.Decide = operation => operations++ == hit ? Befall(cluster, operation, accident) : null;

        cluster.Call(async grains =>
        {
            var run = grains.GetGrain<ITrainingRunGrain>(Deleted);
            while (!await TryAsync(run.DeleteAsync, cluster.Time))
            {
                var status = await StatusAsync(run, cluster.Time);
                var isWhole = status == RunStatus.Completed;
                Assert.True(isWhole ? HasAllRecords(cluster) : status is RunStatus.Deleting or RunStatus.Unknown, $"{status}");
            }

            Assert.Equal(RunStatus.Unknown, await StatusAsync(run, cluster.Time));
            Assert.Equal(RunStatus.Completed, await StatusAsync(grains.GetGrain<ITrainingRunGrain>(Kept), cluster.Time));
        });
        Assert.Equal(kept, cluster.StoredRecords);
        return operations > hit;
    }

    private static bool HasAllRecords(SimulatedCluster cluster) =>
        cluster.StoredRecords.Count(record => record.Grain.Contains(Deleted, StringComparison.Ordinal)) == 5;

    private static StorageOutcome? Befall(SimulatedCluster cluster, StorageOperation operation, Accident accident)
    {
        if (accident == Accident.Crash)
        {
            cluster.After(TimeSpan.Zero, () => cluster.CrashSilo(operation.Silo));
            return null;
        }

        return accident == Accident.Refusal ? StorageOutcome.Refused : StorageOutcome.AcknowledgementLost;
    }

    private static async Task TrainAsync(ITrainingRunGrain run, TimeProvider time)
    {
        await run.StartAsync(new RunRequest
        {
            SpecJson = SpecJson,
            Options = new RunOptions
            {
                Workers = Shape.Workers,
                Partitions = Shape.Partitions,
                CheckpointInterval = TimeSpan.FromSeconds(Shape.CheckpointSeconds),
            },
        });
        while ((await run.GetProgressAsync()).Status == RunStatus.Running)
        {
            await Task.Delay(TimeSpan.FromSeconds(0.5), time);
        }

        await run.DeleteCheckpointsAsync();
    }

    /// <summary>What is shown of a run, as soon as somebody answers.</summary>
    private static async Task<RunStatus> StatusAsync(ITrainingRunGrain run, TimeProvider time)
    {
        RunStatus? status = null;
        while (status is null)
        {
            await TryAsync(async () => status = (await run.GetProgressAsync()).Status, time);
        }

        return status.Value;
    }

    private static async Task<bool> TryAsync(Func<Task> call, TimeProvider time)
    {
        try
        {
            await call();
            return true;
        }
        catch (Exception exception) when (exception is not RunRejectedException)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), time);
            return false;
        }
    }

    private static SimulatedCluster Cluster(ulong seed)
    {
        ComputeConditions? compute = null;
        var cluster = new SimulatedCluster(seed, new SimulationOptions
        {
            StorageNames = [StorageNames.Runs, StorageNames.Checkpoints],
            ConfigureSilo = (name, silo) =>
            {
                silo.Services.AddSingleton(TrialModels.CreateModel(Shape));
                silo.Services.AddSingleton(new SpeculationOptions());
                silo.Services.AddSingleton<IComputeLaneFactory>(
                    services => new VirtualLaneFactory(services.GetRequiredService<TimeProvider>(), name, compute!));
            },
        });
        compute = new ComputeConditions(cluster.CreateRandom("compute"), Shape.SliceMilliseconds);
        cluster.StartSilos("one", "two", "three");
        return cluster;
    }
}
