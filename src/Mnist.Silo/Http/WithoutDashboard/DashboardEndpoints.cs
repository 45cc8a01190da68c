using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Mnist.Clustering;
using Mnist.Learning;
using Mnist.Learning.Data;

namespace Mnist.Silo.Http;

/// <summary>Says that this build has no dashboard.</summary>
internal static class DashboardEndpoints
{
    /// <summary>Adds the silo.</summary>
    /// <exception cref="InvalidInputException">The dashboard is enabled.</exception>
    public static void AddTrainingSilo(IHostApplicationBuilder builder, HttpSettings http, ClusterSettings settings, Dataset dataset)
    {
        if (http.IsDashboardEnabled)
        {
            throw new InvalidInputException(
                "Dashboard:Enabled is true, but Microsoft.Orleans.Dashboard could not be restored when this was built "
                + "(artifacts/editions says why)");
        }

        builder.AddTrainingSilo(settings, dataset);
    }

    /// <summary>Maps nothing.</summary>
    public static void Map(WebApplication application, HttpSettings http)
    {
    }
}
