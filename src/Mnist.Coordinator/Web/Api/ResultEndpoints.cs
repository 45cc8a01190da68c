using Mnist.Coordinator.Reports;
using Mnist.Coordinator.Service;

namespace Mnist.Coordinator.Web.Api;

/// <summary>What came of a run.</summary>
internal static class ResultEndpoints
{
    private const int MaxSamples = 200;
    private const string Csv = "text/csv";

    /// <summary>Maps the paths.</summary>
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("metrics", Metrics).WithSummary("Loss, accuracy and throughput; `Accept: text/csv` gives a row an epoch")
            .Produces<RunMetrics>(StatusCodes.Status200OK, "application/json", "text/csv");
        group.MapGet("ledger", (string runId, IRunResults results) => results.GetLedger(runId))
            .WithSummary("The proof that nothing was lost or applied twice");
        group.MapGet("confusion", (string runId, IRunResults results, CancellationToken stop) => results.GetConfusionAsync(runId, stop))
            .WithSummary("How often test images of each class were taken for each class");
        group.MapGet("samples", SamplesAsync).WithSummary("Test images with what the model says");
        group.MapGet("model", ModelAsync).WithSummary("The weights as a safetensors file");
    }

    private static object Metrics(string runId, HttpRequest request, IRunResults results, string? format = null)
    {
        var metrics = results.GetMetrics(runId);
        var isCsv = format == "csv" || (format is null && request.Headers.Accept.ToString().StartsWith(Csv, StringComparison.Ordinal));
        return isCsv ? Results.Text(MetricsCsv.Format(metrics.Epochs), Csv) : metrics;
    }

    private static Task<Page<SampleView>> SamplesAsync(
        string runId,
        IRunResults results,
        CancellationToken stop,
        bool? correct = null,
        int? label = null,
        int? predicted = null,
        bool leastConfidentFirst = false,
        int offset = 0,
        int limit = 50) => results.GetSamplesAsync(
            runId,
            new SampleQuery(
                correct,
                Digit("label", label),
                Digit("predicted", predicted),
                leastConfidentFirst,
                RunEndpoints.Range("offset", offset, 0, int.MaxValue),
                RunEndpoints.Range("limit", limit, 1, MaxSamples)),
            stop);

    private static int? Digit(string name, int? digit) => digit is { } value ? RunEndpoints.Range(name, value, 0, 9) : null;

    private static async Task<IResult> ModelAsync(string runId, IRunResults results, CancellationToken stop) =>
        Results.Bytes(await results.GetModelAsync(runId, stop), "application/octet-stream", $"{runId}.safetensors");
}
