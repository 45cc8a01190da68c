namespace Mnist.Coordinator.Dashboard;

/// <summary>The dashboard: pages for people, on the services of <see cref="Service"/> and nothing below them.</summary>
internal static class DashboardHosting
{
    /// <summary>Adds what the pages need.</summary>
    public static void Add(WebApplicationBuilder builder) => builder.Services.AddRazorComponents();

    /// <summary>Maps the pages.</summary>
    public static void Map(WebApplication application) => application.MapGet("/", () => Results.Redirect("/api"));
}
