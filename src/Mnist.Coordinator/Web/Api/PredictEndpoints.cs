using Mnist.Coordinator.Service;

namespace Mnist.Coordinator.Web.Api;

/// <summary>An image to classify.</summary>
/// <param name="Pixels">(28, 28) in one list, 0 is paper and 1 is ink.</param>
/// <param name="RunId">The run whose model is asked; the newest that is completed if it is left out.</param>
/// <param name="Center">Whether to crop, scale and center the digit as MNIST's are.</param>
public sealed record PredictRequest(float[] Pixels, string? RunId = null, bool Center = false);

/// <summary>Predictions.</summary>
internal static class PredictEndpoints
{
    /// <summary>Maps the path.</summary>
    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("predict", (PredictRequest request, IRunResults results, CancellationToken stop) =>
            results.PredictAsync(request.RunId, request.Pixels, request.Center, stop)).WithSummary("Says which digit an image shows");
    }
}
