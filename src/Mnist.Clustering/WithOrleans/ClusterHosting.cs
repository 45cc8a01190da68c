using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Mnist.Clustering.Faults;
using Mnist.Clustering.Liveness;
using Mnist.Clustering.Placement;
using Mnist.Clustering.Transport;
using Mnist.Grains.Grains;
using Mnist.Grains.Hosting;
using Mnist.Learning.Data;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime.Placement;
using Orleans.Serialization;
using Orleans.Storage;

namespace Mnist.Clustering;

/// <summary>Makes a host a member of a cluster, or its client.</summary>
public static class ClusterHosting
{
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(10);

    /// <summary>More than a worker needs to leave; a grain that cannot end its work must not hold up its silo.</summary>
    private static readonly TimeSpan DeactivationTimeout = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Grains of other silos whose places a silo remembers: a run has a dozen. Orleans' tables are as long as they may ever become, two of
    /// them, and with its million entries each silo would fill 18 MB that it never reads.
    /// </summary>
    private const int DirectoryCacheSize = 10_000;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ConnectRetryDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>Does nothing: this edition has clusters.</summary>
    public static void EnsureAvailable()
    {
    }

    /// <summary>Adds a silo that trains. Where the configuration names it as the primary silo, it holds the membership instead.</summary>
    /// <param name="builder">The host; section <c>Orleans</c> of its configuration says which cluster.</param>
    /// <param name="settings">What <see cref="ClusterSettings.ReadForSilo"/> made of that configuration.</param>
    /// <param name="dataset">The data set that runs are trained on.</param>
    /// <param name="configure">What else the silo is to have.</param>
    public static void AddTrainingSilo(
        this IHostApplicationBuilder builder, ClusterSettings settings, Dataset dataset, Action<ISiloBuilder>? configure = null)
    {
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = settings.Grace);
        builder.UseOrleans(silo =>
        {
            AddMembership(silo, settings);
            AddPlacement(silo, settings.WorkersPerSilo);
            LocalSilos.AddTo(silo.Services);
            silo.AddTraining(new TrainingHostOptions { Dataset = dataset });
            silo.Services.Configure<GrainCollectionOptions>(options => options.DeactivationTimeout = DeactivationTimeout);

            // What is stored are messages with numbered members: the same form as on the wire, and no text for large arrays.
            silo.Services.AddSingleton<IGrainStorageSerializer, OrleansGrainStorageSerializer>();
            silo.Services.AddHostedService<DrainFirst>();
            if (settings.EnableFaults)
            {
                silo.AddFaultInjection();
            }

            configure?.Invoke(silo);
        });
    }

    /// <summary>Adds a silo that holds the membership of a Development cluster and none of its grains.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="settings">What <see cref="ClusterSettings.ReadForCoordinator"/> made of its configuration.</param>
    public static void AddPrimarySilo(this IHostApplicationBuilder builder, ClusterSettings settings) => builder.UseOrleans(silo =>
    {
        AddMembership(silo, settings);
        AddPlacement(silo, slots: 0);
        silo.Services.Configure<GrainTypeOptions>(options =>
            options.Classes.RemoveWhere(type => type.Assembly == typeof(StorageNames).Assembly));
    });

    /// <summary>Adds a client of a cluster. The host starts when the cluster can be reached.</summary>
    /// <param name="builder">The host; section <c>Orleans</c> of its configuration says which cluster.</param>
    /// <param name="unreachable">Told each time that the cluster cannot be reached; the next attempt follows.</param>
    public static void AddClusterClient(this IHostApplicationBuilder builder, Action<string> unreachable) =>
        builder.UseOrleansClient(client => ConfigureClient(client, unreachable));

    private static void ConfigureClient(IClientBuilder client, Action<string> unreachable)
    {
        LetDatabasesSayWhatFails(client.Services);
        client.Services.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = ResponseTimeout);
        client.Services.Configure<ConnectionOptions>(options => options.OpenConnectionTimeout = ConnectTimeout);
        client.UseConnectionRetryFilter(async (exception, cancellationToken) =>
        {
            unreachable(exception.GetBaseException().Message);
            await Task.Delay(ConnectRetryDelay, cancellationToken);
            return true;
        });
    }

    /// <summary>Sends what a database's driver throws to whoever called, which Orleans does with types that it knows.</summary>
    private static void LetDatabasesSayWhatFails(IServiceCollection services) =>
        services.Configure<ExceptionSerializationOptions>(options =>
        {
            var isKnown = options.SupportedExceptionTypeFilter;
            options.SupportedExceptionTypeFilter = type => isKnown(type) || type.IsAssignableTo(typeof(DbException));
        });

    /// <summary>Lets a silo remember where some ten thousand grains are, which is far more than runs have.</summary>
    /// <param name="silo">The silo.</param>
    public static ISiloBuilder KeepDirectoryCacheSmall(this ISiloBuilder silo)
    {
        silo.Services.Configure<GrainDirectoryOptions>(options => options.CacheSize = DirectoryCacheSize);
        return silo;
    }

    private static void AddMembership(ISiloBuilder silo, ClusterSettings settings)
    {
        FrameTransport.Use(silo.Services);
        LetDatabasesSayWhatFails(silo.Services);
        silo.Services.Configure<ClusterMembershipOptions>(options => MembershipTuning.Apply(options, settings.DeadAfter));
        silo.Services.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = ResponseTimeout);
        silo.Services.Configure<ConnectionOptions>(options => options.OpenConnectionTimeout = ConnectTimeout);

        // With Orleans' older directory, a silo that dies takes activations on other silos with it: those that it had registered.
#pragma warning disable ORLEANSEXP003 // The directory is marked as experimental; nothing else keeps activations through a crash.
        silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003

        // Nor does it wait until a dead silo has surely stopped before it places its grains anew: a second activation does no harm
        // (docs/ARCHITECTURE.md), and half a minute without a parameter server does.
        silo.Services.Configure<GrainDirectoryOptions>(options => options.RangeLeaseDuration = TimeSpan.Zero);
        silo.KeepDirectoryCacheSmall();
    }

    private static void AddPlacement(ISiloBuilder silo, int slots)
    {
        silo.Services.AddSingleton(_ => new WorkerSlots(slots, TimeProvider.System));
        silo.Services.AddSingleton<IWorkerRoom>(services => services.GetRequiredService<WorkerSlots>());
        silo.Services.AddSingleton<WorkerSlotClient>();
        silo.Services.AddSingleton<IPlacementStrategyResolver, GrainPlacementResolver>();
        silo.AddGrainService<WorkerSlotService>();
        silo.AddPlacementDirector<WorkerPlacement, WorkerPlacementDirector>();
        silo.AddPlacementDirector<RunPlacement, RunPlacementDirector>();
    }
}
