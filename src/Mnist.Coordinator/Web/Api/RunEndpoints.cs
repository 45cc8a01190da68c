using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.HttpResults;
using Mnist.Coordinator.Service;
using Mnist.Coordinator.Web.Security;
using Mnist.Learning;

namespace Mnist.Coordinator.Web.Api;

/// <summary>Runs: begin, list, stop, continue, watch.</summary>
internal static partial class RunEndpoints
{
    private const int MaxLimit = 500;

    /// <summary>Maps the paths.</summary>
    /// <param name="reads">Group of what only reads.</param>
    /// <param name="changes">Group of what changes something.</param>
    public static void Map(RouteGroupBuilder reads, RouteGroupBuilder changes)
    {
        reads.MapGet("", List).WithSummary("Lists runs, the newest first");
        reads.MapGet("{runId}", (string runId, IRunService runs) => runs.Get(runId)).WithSummary("A run as it stands now");
        reads.MapGet("{runId}/events", (string runId, HttpContext context, EventStream stream) => stream.WriteAsync(runId, context))
            .WithSummary("What happens to a run, as server-sent events");
        changes.RequireAuthorization(SecurityHosting.Change);
        changes.MapPost("", SubmitAsync).WithSummary("Begins a run with the options of `mnist train`")
            .Produces<RunView>(StatusCodes.Status201Created);
        changes.MapPost("{runId}/cancel", (string runId, IRunService runs, CancellationToken stop) => runs.CancelAsync(runId, stop))
            .WithSummary("Ends a run for good");
        changes.MapPost("{runId}/pause", (string runId, IRunService runs, CancellationToken stop) => runs.PauseAsync(runId, stop))
            .WithSummary("Stops a run with a checkpoint");
        changes.MapPost("{runId}/resume", (string runId, IRunService runs, CancellationToken stop) => runs.ResumeAsync(runId, stop))
            .WithSummary("Goes on with a run that is paused or failed");
        changes.MapDelete("{runId}", DeleteAsync).WithSummary("Deletes a run that has ended, and all that came of it")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static Page<RunView> List(IRunService runs, string? status = null, int offset = 0, int limit = 50) =>
        runs.List(new RunQuery(Phase(status), Range("offset", offset, 0, int.MaxValue), Range("limit", limit, 1, MaxLimit)));

    private static async Task<IResult> SubmitAsync(JsonElement body, IRunService runs, CancellationToken stop)
    {
        var run = await runs.SubmitAsync(new NewRun(Options(body)), stop);
        return Results.Created($"/api/runs/{run.RunId}", run);
    }

    private static async Task<NoContent> DeleteAsync(string runId, IRunService runs, CancellationToken stop)
    {
        await runs.DeleteAsync(runId, stop);
        return TypedResults.NoContent();
    }

    private static RunPhase? Phase(string? status)
    {
        if (status is null)
        {
            return null;
        }

        foreach (var phase in Enum.GetValues<RunPhase>())
        {
            if (phase.ToString().Equals(status, StringComparison.OrdinalIgnoreCase))
            {
                return phase;
            }
        }

        var expected = string.Join(", ", Enum.GetNames<RunPhase>()).ToLowerInvariant();
        throw new InvalidInputException($"status is none that a run can have, expected one of {expected}");
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
