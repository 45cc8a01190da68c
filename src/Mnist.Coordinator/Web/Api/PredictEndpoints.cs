using Mnist.Coordinator.Service;
using Mnist.Coordinator.Web.Security;
using Mnist.Learning;

namespace Mnist.Coordinator.Web.Api;

/// <summary>An image to classify.</summary>
/// <param name="Pixels">(28, 28) in one list, 0 is paper and 1 is ink.</param>
/// <param name="RunId">The run whose model is asked; the newest that is completed if it is left out.</param>
/// <param name="Center">Whether to crop, scale and center the digit as MNIST's are.</param>
public sealed record PredictRequest(float[] Pixels, string? RunId = null, bool Center = false);

/// <summary>Predictions.</summary>
internal static class PredictEndpoints
{
    private const string Png = "image/png";

    /// <summary>Maps the path.</summary>
    public static void Map(RouteGroupBuilder api) => api.MapPost("predict", PredictAsync)
        .WithSummary("Says which digit an image shows: 28×28 numbers, or a PNG picture of any size")
        .Accepts<PredictRequest>("application/json", Png)
        .RequireAuthorization(SecurityHosting.Change)
        .RequireRateLimiting(Limits.Predictions);

    private static async Task<PredictionView> PredictAsync(
        HttpRequest request, IRunResults results, CancellationToken stop, string? runId = null)
    {
        if (request.ContentType == Png)
        {
            using var content = new MemoryStream();
            await request.Body.CopyToAsync(content, stop);
            return await results.PredictPictureAsync(runId, content.ToArray(), stop);
        }

        if (!request.HasJsonContentType())
        {
            throw new BadHttpRequestException($"expected application/json or {Png}", StatusCodes.Status415UnsupportedMediaType);
        }

        var body = await request.ReadFromJsonAsync<PredictRequest>(stop)
            ?? throw new InvalidInputException("the body is null, expected an object with pixels");
        return await results.PredictAsync(body.RunId ?? runId, body.Pixels, body.Center, stop);
    }
}
