using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Mnist.AppHost;

/// <summary>The resources: what holds the membership, silos, coordinator.</summary>
internal static class TrainingApplication
{
    /// <summary>Name of the silos' resource.</summary>
    public const string Silo = "silo";

    /// <summary>Name of the coordinator's resource.</summary>
    public const string Coordinator = "coordinator";

    private const string Http = "http";
    private const string ReadyPath = "/health/ready";
    private const string Loopback = "127.0.0.1";

    /// <summary>Adds the resources.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="settings">What the user chose.</param>
    public static void AddTo(IDistributedApplicationBuilder builder, AppHostSettings settings)
    {
        builder.AddParameter("silos", settings.Silos.ToString(CultureInfo.InvariantCulture));
        builder.AddParameter("clustering", $"{settings.Clustering}");
        var recipe = builder.AddParameter("recipe", settings.Recipe);
        var silos = AddSilos(builder, settings);
        var coordinator = AddCoordinator(builder, settings, recipe);
        if (settings.Clustering == ClusteringKind.Development)
        {
            JoinCoordinator(builder, silos, coordinator);
        }
        else
        {
            JoinRedis(builder, settings, silos, coordinator);
        }
    }

    private static IResourceBuilder<ProjectResource> AddSilos(IDistributedApplicationBuilder builder, AppHostSettings settings)
    {
        var silos = builder.AddProject<Projects.Mnist_Silo>(Silo, options => options.ExcludeLaunchProfile = true)
            .WithReplicas(settings.Silos)
            .WithHttpEndpoint(name: Http, env: "Http__Port")
            .WithHttpHealthCheck(ReadyPath)
            // With Redis, a silo would otherwise be open to the network, and it asks nobody who he is.
            .WithEnvironment("Orleans__Endpoints__AdvertisedIPAddress", Loopback)
            .WithEnvironment("Faults__Enabled", "true")
            .WithSiloCommands();
        if (settings.Data is { } data)
        {
            silos.WithEnvironment("Training__Data", data);
        }

        return ClusteringChoice.HasPart("HasOrleansDashboard")
            ? silos.WithEnvironment("Dashboard__Enabled", "true").WithUrlForEndpoint(Http, url =>
            {
                url.Url = "/dashboard";
                url.DisplayText = "Orleans dashboard";
            })
            : silos;
    }

    private static IResourceBuilder<ProjectResource> AddCoordinator(
        IDistributedApplicationBuilder builder, AppHostSettings settings, IResourceBuilder<ParameterResource> recipe)
    {
        var coordinator = builder.AddProject<Projects.Mnist_Coordinator>(Coordinator, options => options.ExcludeLaunchProfile = true)
            .WithHttpEndpoint(name: Http)
            .WithHttpHealthCheck(ReadyPath)
            .WithUrlForEndpoint(Http, url => url.DisplayText = "Training dashboard")
            .WithRunCommands(recipe);
        var port = coordinator.GetEndpoint(Http).Property(EndpointProperty.TargetPort);
        coordinator.WithArgs("serve", "--urls", ReferenceExpression.Create($"http://{Loopback}:{port}"));
        coordinator.WithArgs("--runs", settings.Runs ?? FolderOf(builder, "runs"), "--enable-faults");
        return settings.Data is { } data ? coordinator.WithArgs("--data", data) : coordinator;
    }

    private static void JoinRedis(
        IDistributedApplicationBuilder builder,
        AppHostSettings settings,
        IResourceBuilder<ProjectResource> silos,
        IResourceBuilder<ProjectResource> coordinator)
    {
        var redis = RedisResources.Add(builder, settings.Clustering);
        var orleans = builder.AddOrleans("mnist").WithClustering(redis);

        // Messages carry the contexts of the steps that are traced; a span of every call would be thousands a second.
        orleans.EnableDistributedTracing = false;
        silos.WithReference(orleans).WaitFor(redis);
        coordinator.WithReference(orleans.AsClient()).WithArgs("--cluster", "configuration").WaitFor(silos);
    }

    /// <summary>Each of several silos would be a cluster of its own, were they to hold the membership: the coordinator does.</summary>
    private static void JoinCoordinator(
        IDistributedApplicationBuilder builder, IResourceBuilder<ProjectResource> silos, IResourceBuilder<ProjectResource> coordinator)
    {
        var primary = string.Create(CultureInfo.InvariantCulture, $"{Loopback}:{FreePort()}");
        coordinator.WithArgs("--cluster", $"primary://{primary}");
        silos.WithEnvironment("Orleans__Clustering__ProviderType", "Development")
            .WithEnvironment("Orleans__Clustering__PrimarySiloEndPoint", primary)
            .WithEnvironment("Training__StateDirectory", FolderOf(builder, "artifacts", "apphost", "state"))
            .WaitFor(coordinator);
    }

    /// <summary>A folder of the repository, wherever the application was started from.</summary>
    private static string FolderOf(IDistributedApplicationBuilder builder, params string[] parts) =>
        Path.GetFullPath(Path.Combine([builder.AppHostDirectory, "..", "..", .. parts]));

    /// <summary>A port of this machine that was free a moment ago.</summary>
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
