using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Mnist.Clustering;
using Mnist.Learning.Data;
using Orleans.Dashboard;

namespace Mnist.Silo.Http;

/// <summary>Orleans' dashboard, which asks nobody who he is: where a token is set, this does.</summary>
internal static class DashboardEndpoints
{
    private const string Path = "/dashboard";

    /// <summary>Adds the silo, with the dashboard's services where it is enabled.</summary>
    public static void AddTrainingSilo(IHostApplicationBuilder builder, HttpSettings http, ClusterSettings settings, Dataset dataset) =>
        builder.AddTrainingSilo(settings, dataset, silo =>
        {
            if (http.IsDashboardEnabled)
            {
                silo.AddDashboard();
            }
        });

    /// <summary>Maps the dashboard where it is enabled.</summary>
    public static void Map(WebApplication application, HttpSettings http)
    {
        if (!http.IsDashboardEnabled)
        {
            return;
        }

        var group = application.MapOrleansDashboard(Path);

        // Pages that follow the log never end by themselves: the web server would wait for them.
        var stopping = application.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        group.AddEndpointFilter((context, next) =>
        {
            context.HttpContext.Response.RegisterForDispose(stopping.Register(context.HttpContext.Abort));
            return next(context);
        });
        if (http.DashboardToken is { } token)
        {
            var password = new Password(token);
            group.AddEndpointFilter(async (context, next) =>
            {
                if (password.IsIn(context.HttpContext.Request.Headers.Authorization))
                {
                    return await next(context);
                }

                context.HttpContext.Response.Headers.WWWAuthenticate = "Basic realm=\"Orleans dashboard\"";
                return Results.StatusCode(StatusCodes.Status401Unauthorized);
            });
        }
    }
}
