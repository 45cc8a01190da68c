using Mnist.Clustering.Faults;
using Mnist.Coordinator.CommandLine.Commands;
using Mnist.Coordinator.Dashboard;
using Mnist.Coordinator.Service;
using Mnist.Coordinator.Service.Cluster;
using Mnist.Coordinator.Service.Results;
using Mnist.Coordinator.Service.Runs;
using Mnist.Coordinator.Training;
using Mnist.Coordinator.Web.Api;
using Mnist.Coordinator.Web.Security;
using Mnist.Grains.Grains;
using Mnist.Grains.Hosting;
using Mnist.Grains.Telemetry;
using Mnist.Learning.Data;
using Mnist.ServiceDefaults;
using Orleans.Hosting;
using Orleans.Runtime.Hosting;

namespace Mnist.Coordinator.Web;

/// <summary>The coordinator as a service: grains or what connects it to a cluster, the services above them, API and dashboard.</summary>
internal static class CoordinatorHost
{
    /// <summary>Time that runs have to write their checkpoints when the coordinator stops.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Builds the host. The caller starts, stops and disposes of it.</summary>
    /// <param name="options">How it works.</param>
    /// <param name="settings">Where it listens.</param>
    /// <param name="dataset">The data set that runs are trained on.</param>
    /// <param name="isVerbose">Whether the runtime's warnings appear on standard error.</param>
    /// <param name="note">Told, for as long as it takes, that the cluster cannot be reached yet.</param>
    /// <param name="configure">What else is to be changed before it is built.</param>
    public static WebApplication Build(
        ServiceOptions options,
        ServeSettings settings,
        Dataset dataset,
        bool isVerbose,
        Action<string> note,
        Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            // Not the working directory: what lies there is not for others.
            ContentRootPath = AppContext.BaseDirectory,
            ApplicationName = typeof(CoordinatorHost).Assembly.GetName().Name,
        });

        // Settings come from the command line; the environment of a shell must not make it listen elsewhere.
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection();
        builder.Logging.ClearProviders();
        TrainingHost.LeaveSignalsToCaller(builder, isVerbose);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.WebHost.UseUrls([.. settings.Urls]);
        builder.Services.AddSingleton(options).AddSingleton(settings).AddSingleton(dataset);
        builder.AddServiceDefaults(TelemetryNames.Source);
        AddGrains(builder, options, dataset, note);
        AddServices(builder.Services);
        SecurityHosting.Add(builder, settings);
        ApiHosting.Add(builder);
        DashboardHosting.Add(builder);
        configure?.Invoke(builder);
        var application = builder.Build();
        ApiHosting.Use(application, settings);
        application.MapDefaultEndpoints().MapMetrics();
        ApiHosting.Map(application, options);
        DashboardHosting.Map(application);
        return application;
    }

    private static void AddGrains(WebApplicationBuilder builder, ServiceOptions options, Dataset dataset, Action<string> note)
    {
        if (options.Cluster is { } address)
        {
            ClusterTrainingHost.AddTo(builder, address, new ClusterWait(note, patience: null, TimeProvider.System));
            return;
        }

        builder.Services.AddSingleton(EngineOptions.Select(options.Engine, options.TorchDevice));
        TrainingHost.AddTo(builder, new TrainingHostOptions { Dataset = dataset }, silo =>
        {
            foreach (var name in (string[])[StorageNames.Runs, StorageNames.Checkpoints])
            {
                silo.Services.AddGrainStorage(name, (services, _) => services.GetRequiredService<RunFolderStorage>());
            }

            if (options.EnableFaults)
            {
                silo.AddFaultInjection();
            }
        });
    }

    private static void AddServices(IServiceCollection services)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<RunRegistry>().AddSingleton<RunFolderStorage>().AddSingleton<RunTrainer>().AddSingleton<RunQueue>();
        services.AddSingleton<RunRemover>();
        services.AddSingleton<RunManager>().AddSingleton<IRunService>(provider => provider.GetRequiredService<RunManager>());
        services.AddHostedService(provider => provider.GetRequiredService<RunManager>());
        services.AddSingleton<ModelStore>().AddSingleton<EvaluationStore>().AddSingleton<IRunResults, RunResults>();
        services.AddSingleton<WorkerWatcher>().AddSingleton<IClusterService, ClusterService>();
    }
}
