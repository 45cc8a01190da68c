using System.Net.Http.Json;

namespace Mnist.AppHost;

/// <summary>What the coordinator can be told from the dashboard.</summary>
internal static class RunCommands
{
    /// <summary>The command that starts a run.</summary>
    public const string StartRun = "start-run";

    private const string RunsPath = "/api/runs";

    /// <summary>Adds the commands.</summary>
    /// <param name="coordinator">The coordinator.</param>
    /// <param name="recipe">Recipe of the runs that are started.</param>
    public static IResourceBuilder<ProjectResource> WithRunCommands(
        this IResourceBuilder<ProjectResource> coordinator, IResourceBuilder<ParameterResource> recipe) =>
        coordinator.WithHttpCommand(RunsPath, "Start a run", commandName: StartRun, commandOptions: new HttpCommandOptions
        {
            Description = "Trains the recipe of the parameter 'recipe'.",
            IconName = "Play",
            IsHighlighted = true,
            PrepareRequest = async context => context.Request.Content =
                JsonContent.Create(new { recipe = await recipe.Resource.GetValueAsync(context.CancellationToken) }),
            ResultMode = HttpCommandResultMode.Json,
        });
}
