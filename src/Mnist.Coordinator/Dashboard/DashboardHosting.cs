using Microsoft.AspNetCore.Components.Server;
using Mnist.Coordinator.Dashboard.Live;

namespace Mnist.Coordinator.Dashboard;

/// <summary>The dashboard: pages for people, on the services of <see cref="Service"/> and nothing below them.</summary>
internal static class DashboardHosting
{
    /// <summary>Adds what the pages need.</summary>
    /// <param name="builder">The application to be.</param>
    public static void Add(WebApplicationBuilder builder)
    {
        // Only a published program finds its files by itself.
        builder.WebHost.UseStaticWebAssets();
        builder.Services.AddRazorComponents().AddInteractiveServerComponents(ConfigureCircuits);
        builder.Services.AddScoped<OperatorCheck>();
    }

    /// <summary>Maps the pages, their files and the connection that keeps them up to date.</summary>
    /// <param name="application">The application.</param>
    public static void Map(WebApplication application)
    {
        application.UseAntiforgery();

        // Styles and scripts tell nothing, and the page on which the token is typed needs them.
        application.MapStaticAssets().AllowAnonymous();

        // The policy of the whole page says who may frame it.
        application.MapRazorComponents<App>().AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null);
    }

    /// <summary>Browsers that went away are forgotten soon: all that a circuit holds can be read again.</summary>
    private static void ConfigureCircuits(CircuitOptions options)
    {
        options.DisconnectedCircuitMaxRetained = 20;
        options.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(1);
        options.JSInteropDefaultCallTimeout = TimeSpan.FromSeconds(20);
    }
}
