using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Mnist.AppHost;

/// <summary>Redis, wherever it comes from.</summary>
internal static class RedisResources
{
    /// <summary>The resource of a <c>redis-server</c> that this application starts without a container.</summary>
    public const string Server = "redis-server";

    private const string OrleansProvider = "Redis";

    /// <summary>Adds Redis.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="kind">Any but <see cref="ClusteringKind.Development"/>.</param>
    /// <exception cref="AppHostSettingsException">That kind is not possible here.</exception>
    public static IResourceBuilder<IResourceWithConnectionString> Add(IDistributedApplicationBuilder builder, ClusteringKind kind)
    {
        if (!ClusteringChoice.HasRedis)
        {
            throw new AppHostSettingsException(
                $"Parameters:clustering is {kind}, but Orleans' packages for Redis could not be restored when this was built "
                + $"(artifacts/editions says why), expected {ClusteringKind.Development}");
        }

        return kind switch
        {
#pragma warning disable ASPIRECERTIFICATES001 // Experimental, and the only way to do without a certificate that silos would have to trust.
            ClusteringKind.Container => builder.AddRedis(AppHostSettings.Redis).WithoutHttpsCertificate(),
#pragma warning restore ASPIRECERTIFICATES001
            ClusteringKind.Connection => builder.AddConnectionString(AppHostSettings.Redis).WithOrleansProviderType(OrleansProvider),
            _ => AddExecutable(builder),
        };
    }

    private static IResourceBuilder<IResourceWithConnectionString> AddExecutable(IDistributedApplicationBuilder builder)
    {
        var program = ClusteringChoice.FindProgram(Server)
            ?? throw new AppHostSettingsException(
                $"Parameters:clustering is {ClusteringKind.Executable}, but there is no {Server} on the PATH");
        var server = builder.AddExecutable(Server, program, ".", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
            .WithEndpoint(name: "tcp", scheme: "tcp");
        var endpoint = server.GetEndpoint("tcp");
        server.WithArgs("--port", endpoint.Property(EndpointProperty.TargetPort));
        var check = $"{Server}-answers";
        builder.Services.AddHealthChecks().AddAsyncCheck(check, token => ConnectAsync(endpoint, token));
        server.WithHealthCheck(check);
        return builder.AddConnectionString(
                AppHostSettings.Redis, ReferenceExpression.Create($"{endpoint.Property(EndpointProperty.HostAndPort)}"))
            .WithOrleansProviderType(OrleansProvider)
            .WaitFor(server);
    }

    private static async Task<HealthCheckResult> ConnectAsync(EndpointReference endpoint, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(endpoint.Host, endpoint.Port, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (exception is SocketException or InvalidOperationException)
        {
            return HealthCheckResult.Unhealthy(exception.Message);
        }
    }
}
