using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;

namespace Mnist.AppHost;

/// <summary>What a silo can be told from the dashboard: to go in good order, and to go without a word.</summary>
internal static class SiloCommands
{
    /// <summary>The command that lets a silo hand over its work and stop.</summary>
    public const string Drain = "drain";

    /// <summary>The command that ends a silo's process, with all its workers, as a crash would.</summary>
    public const string Kill = "kill";

    private const string ProcessId = "executable.pid";

    /// <summary>Adds the commands. Each is for one of the replicas; Aspire's own command starts it again.</summary>
    public static IResourceBuilder<ProjectResource> WithSiloCommands(this IResourceBuilder<ProjectResource> silos) => silos
        .WithCommand(Drain, "Drain", DrainAsync, new CommandOptions
        {
            Description = "Hands over leases and grains, then stops. Nothing is repeated.",
            IconName = "ArrowExit",
            UpdateState = StateOf,
        })
        .WithCommand(Kill, "Kill", KillAsync, new CommandOptions
        {
            Description = "Ends the process at once, with all its workers, as a crash would. The run goes on elsewhere.",
            ConfirmationMessage = "End this silo without a warning?",
            IconName = "Flash",
            UpdateState = StateOf,
        });

    private static ResourceCommandState StateOf(UpdateCommandStateContext context) =>
        context.ResourceSnapshot.State?.Text == KnownResourceStates.Running ? ResourceCommandState.Enabled : ResourceCommandState.Disabled;

    /// <summary>Aspire's own way to stop is not enough: it does not wait for what a silo has to hand over.</summary>
    private static async Task<ExecuteCommandResult> DrainAsync(ExecuteCommandContext context)
    {
        if (OperatingSystem.IsWindows())
        {
            return await context.Services.GetRequiredService<ResourceCommandService>()
                .ExecuteCommandAsync(context.ResourceName, KnownResourceCommands.StopCommand, context.CancellationToken);
        }

        using var silo = FindProcess(context);
        if (silo is null)
        {
            return CommandResults.Failure($"{context.ResourceName} has no process");
        }

        try
        {
            Termination.Request(silo);
            return CommandResults.Success();
        }
        catch (Win32Exception exception)
        {
            return CommandResults.Failure($"{context.ResourceName} could not be signalled: {exception.Message}");
        }
    }

    private static Task<ExecuteCommandResult> KillAsync(ExecuteCommandContext context)
    {
        using var silo = FindProcess(context);
        silo?.Kill(entireProcessTree: true);
        return Task.FromResult(silo is null ? CommandResults.Failure($"{context.ResourceName} has no process") : CommandResults.Success());
    }

    /// <summary>The process that Aspire started, which passes signals on to the silo.</summary>
    private static Process? FindProcess(ExecuteCommandContext context)
    {
        var notifications = context.Services.GetRequiredService<ResourceNotificationService>();
        var id = notifications.TryGetCurrentState(context.ResourceName, out var state)
            ? state.Snapshot.Properties.FirstOrDefault(property => property.Name == ProcessId)?.Value
            : null;
        try
        {
            return id is null ? null : Process.GetProcessById(Convert.ToInt32(id, CultureInfo.InvariantCulture));
        }
        catch (ArgumentException)
        {
            // It ended a moment ago.
            return null;
        }
    }
}
