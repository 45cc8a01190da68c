using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Mnist.Coordinator.Service;
using Mnist.Learning;

namespace Mnist.Coordinator.Web.Api;

/// <summary>Runs: begin, list, stop, continue, watch.</summary>
internal static partial class RunEndpoints
{
    private const int MaxLimit = 500;

    /// <summary>Maps the paths.</summary>
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("", List).WithSummary("Lists runs, the newest first");
        group.MapPost("", SubmitAsync).WithSummary("Begins a run with the options of `mnist train`");
        group.MapGet("{runId}", (string runId, IRunService runs) => runs.Get(runId)).WithSummary("A run as it stands now");
        group.MapPost("{runId}/cancel", (string runId, IRunService runs, CancellationToken stop) => runs.CancelAsync(runId, stop))
            .WithSummary("Ends a run for good");
        group.MapPost("{runId}/pause", (string runId, IRunService runs, CancellationToken stop) => runs.PauseAsync(runId, stop))
            .WithSummary("Stops a run with a checkpoint");
        group.MapPost("{runId}/resume", (string runId, IRunService runs, CancellationToken stop) => runs.ResumeAsync(runId, stop))
            .WithSummary("Goes on with a run that is paused or failed");
        group.MapGet("{runId}/events", EventStream.WriteAsync).WithSummary("What happens to a run, as server-sent events");
    }

    private static Page<RunView> List(IRunService runs, RunPhase? status = null, int offset = 0, int limit = 50) =>
        runs.List(new RunQuery(status, Range("offset", offset, 0, int.MaxValue), Range("limit", limit, 1, MaxLimit)));

    private static async Task<IResult> SubmitAsync(JsonElement body, IRunService runs, CancellationToken stop)
    {
        var run = await runs.SubmitAsync(new NewRun(Options(body)), stop);
        return Results.Created($"/api/runs/{run.RunId}", run);
    }

    /// <summary>Checks a number of the query.</summary>
    /// <exception cref="InvalidInputException">It is out of range.</exception>
    internal static int Range(string name, int value, int min, int max) => value >= min && value <= max
        ? value
        : throw new InvalidInputException($"{name} is {value}, expected {min} to {max}");

    private static Dictionary<string, string> Options(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidInputException($"the body is a JSON {body.ValueKind}, expected an object such as {{\"recipe\": \"tiny\"}}");
        }

        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var property in body.EnumerateObject())
        {
            // JavaScript's way to write learning-rate.
            var name = Capital().Replace(property.Name, match => $"-{match.Value.ToLower(CultureInfo.InvariantCulture)}");
            if (!options.TryAdd(name, Text(property)))
            {
                throw new InvalidInputException($"{name} is given twice");
            }
        }

        return options;
    }

    private static string Text(JsonProperty property) => property.Value.ValueKind switch
    {
        JsonValueKind.String => property.Value.GetString()!,
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => property.Value.GetRawText(),
        var kind => throw new InvalidInputException($"{property.Name} is a JSON {kind}, expected text, a number, true or false"),
    };

    [GeneratedRegex("(?<=[a-z])[A-Z]")]
    private static partial Regex Capital();
}
