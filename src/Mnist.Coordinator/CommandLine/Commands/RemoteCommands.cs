using System.CommandLine;
using System.Text.Json;
using Mnist.Coordinator.CommandLine.Remote;
using Mnist.Coordinator.Output;
using Mnist.Coordinator.Service;
using Mnist.Coordinator.Training;
using Mnist.Learning;

namespace Mnist.Coordinator.CommandLine.Commands;

/// <summary>
/// Commands that ask a coordinator that runs already: <c>runs</c>, <c>status</c>, <c>watch</c>, <c>cancel</c>, <c>delete</c>.
/// </summary>
internal static class RemoteCommands
{
    private static readonly JsonSerializerOptions Line = new(ServiceJson.Options) { WriteIndented = false };

    /// <summary>Makes the commands, each with lines that show how it is used.</summary>
    public static IEnumerable<(Command Command, string[] Examples)> Create(Interruption interruption)
    {
        yield return (CreateRuns(interruption), ["mnist runs", "mnist runs --url http://trainer:8080 --token \"$TOKEN\" --json"]);
        yield return (CreateForRun("status", "Say how far a run is", interruption, StatusAsync), ["mnist status RUN"]);
        yield return (CreateForRun("watch", "Follow a run until it ends", interruption, WatchAsync), ["mnist watch RUN"]);
        yield return (CreateForRun("cancel", "End a run for good", interruption, CancelAsync), ["mnist cancel RUN"]);
        yield return (CreateDelete(interruption), ["mnist delete RUN", "mnist delete RUN1 RUN2 --yes"]);
    }

    private static Command CreateRuns(Interruption interruption)
    {
        var (url, token) = Options();
        var command = new Command("runs", "List the runs of a coordinator") { url, token };
        command.SetAction(async (result, _) =>
        {
            using var coordinator = Connect(result, url, token);
            var page = await coordinator.GetAsync<Page<RunView>>("api/runs?limit=500", interruption.Token);
            foreach (var run in page.Items)
            {
                Show(run, result.GetValue(GlobalOptions.Json));
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static Command CreateForRun(
        string name, string description, Interruption interruption, Func<RemoteCoordinator, string, bool, CancellationToken, Task> act)
    {
        var (url, token) = Options();
        var run = new Argument<string>("run") { Description = "Name of the run, as `mnist runs` lists it" };
        var command = new Command(name, description) { run, url, token };
        command.SetAction(async (result, _) =>
        {
            using var coordinator = Connect(result, url, token);
            await act(coordinator, result.GetRequiredValue(run), result.GetValue(GlobalOptions.Json), interruption.Token);
            return ExitCode.Success;
        });
        return command;
    }

    private static Command CreateDelete(Interruption interruption)
    {
        var (url, token) = Options();
        var runs = new Argument<string[]>("run")
        {
            Description = "Names of runs that have ended, as `mnist runs` lists them",
            Arity = ArgumentArity.OneOrMore,
        };
        var yes = OptionFactory.Flag("--yes", "Do not ask first");
        var command = new Command("delete", "Delete runs that have ended, and all that came of them") { runs, yes, url, token };
        command.SetAction(async (result, _) =>
        {
            var names = result.GetRequiredValue(runs);
            using var coordinator = Connect(result, url, token);
            if (!result.GetValue(yes) && !Confirmation.Ask($"Delete {string.Join(", ", names)} for good, with all that came of it?"))
            {
                throw new InvalidInputException("nothing is deleted: the answer was not yes");
            }

            foreach (var name in names)
            {
                await coordinator.DeleteAsync(PathOf(name), interruption.Token);
                ShowDeleted(name, result.GetValue(GlobalOptions.Json));
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static (Option<string?> Url, Option<string?> Token) Options() =>
    (
        OptionFactory.Text(
            "--url", "URL",
            $"Where the coordinator listens [default: environment variable {ServeDefaults.UrlVariable}, else {ServeDefaults.Url}]",
            "a URL"),
        OptionFactory.Text(
            "--token", "SECRET", $"Token of the coordinator [default: environment variable {ServeDefaults.TokenVariable}]", "a secret"));

    private static RemoteCoordinator Connect(ParseResult result, Option<string?> url, Option<string?> token) => new(
        ServeDefaults.Choose(result.GetValue(url), ServeDefaults.UrlVariable) ?? ServeDefaults.Url,
        ServeDefaults.Choose(result.GetValue(token), ServeDefaults.TokenVariable));

    private static async Task StatusAsync(RemoteCoordinator coordinator, string runId, bool isJson, CancellationToken stop) =>
        Show(await coordinator.GetAsync<RunView>(PathOf(runId), stop), isJson);

    private static async Task CancelAsync(RemoteCoordinator coordinator, string runId, bool isJson, CancellationToken stop) =>
        Show(await coordinator.PostAsync<RunView>($"{PathOf(runId)}/cancel", stop), isJson);

    private static async Task WatchAsync(RemoteCoordinator coordinator, string runId, bool isJson, CancellationToken stop)
    {
        await foreach (var happened in coordinator.WatchAsync(runId, stop))
        {
            Console.Out.WriteLine(isJson ? JsonSerializer.Serialize(happened, Line) : Words(happened));
            if (happened.Type == RunEventTypes.Failed)
            {
                throw new RunFailedException($"run {runId}: {happened.Data.GetProperty("message").GetString()}");
            }
        }
    }

    private static void Show(RunView run, bool isJson)
    {
        if (isJson)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(run, Line));
            return;
        }

        var progress = run.Progress;
        var accuracy = progress.TestAccuracy is { } test ? $"  test {TrainingText.Percent(test)}" : "";
        var waiting = run.QueuedBehind is { } before ? $"  behind {before}" : "";
        Console.Out.WriteLine(
            $"{run.RunId}  {run.Status.ToString().ToLowerInvariant()}{waiting}  step {progress.Step:N0}/{progress.TotalSteps:N0}{accuracy}"
            + (run.Error.Length > 0 ? $"  {run.Error}" : ""));
    }

    private static void ShowDeleted(string runId, bool isJson)
    {
        if (isJson)
        {
            JsonLines.Write(new DeletedEvent(runId), EventJsonContext.Default.DeletedEvent);
        }
        else
        {
            Console.Out.WriteLine($"{runId}  deleted");
        }
    }

    private static string Words(RunEvent happened) => happened.Type switch
    {
        RunEventTypes.Progress when happened.Data.Deserialize<RunProgressView>(ServiceJson.Options) is { } progress =>
            $"step {progress.Step:N0}/{progress.TotalSteps:N0}  loss {TrainingText.Loss(progress.Loss)}  "
            + $"{progress.ImagesPerSecond:N0} images/s  " + TrainingText.Count(progress.LiveWorkers, "worker"),
        RunEventTypes.Epoch when happened.Data.Deserialize<EpochMetrics>(ServiceJson.Options) is { } epoch =>
            $"epoch {epoch.Epoch}  loss {TrainingText.Loss(epoch.TrainLoss)}  test {TrainingText.Percent(epoch.TestAccuracy)}  "
            + $"{epoch.Seconds:F1} s",
        RunEventTypes.Workers => "workers or leases changed",
        RunEventTypes.Note => happened.Data.GetProperty("message").GetString()!,
        _ => happened.Type,
    };

    private static string PathOf(string runId) => $"api/runs/{Uri.EscapeDataString(runId)}";
}
