using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Orleans;

/// <summary>What grain classes do with their activation.</summary>
public static class GrainBaseExtensions
{
    /// <summary>Ends the activation once its running requests have completed; the next call makes a new one.</summary>
    /// <param name="grain">The grain.</param>
    public static void DeactivateOnIdle(this IGrainBase grain) =>
        grain.GrainContext.Deactivate(
            new(DeactivationReasonCode.ApplicationRequested, $"{nameof(DeactivateOnIdle)} was called."), CancellationToken.None);

    /// <summary>Starts a timer whose ticks run as requests of this grain, never two at once.</summary>
    /// <typeparam name="TState">The type of the callback's argument.</typeparam>
    /// <param name="grain">The grain.</param>
    /// <param name="callback">What to do at a tick. The token is cancelled when the timer is disposed.</param>
    /// <param name="state">The callback's argument.</param>
    /// <param name="options">When to tick, and how.</param>
    /// <returns>The timer, which ends with its activation.</returns>
    public static IGrainTimer RegisterGrainTimer<TState>(
        this IGrainBase grain, Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var context = grain.GrainContext;
        var registry = (grain as Grain)?.Runtime ?? context.ActivationServices.GetRequiredService<IGrainRuntime>();
        return registry.TimerRegistry.RegisterGrainTimer(context, callback, state, options);
    }

    /// <summary>Starts a timer whose ticks run as requests of this grain, never two at once.</summary>
    /// <param name="grain">The grain.</param>
    /// <param name="callback">What to do at a tick. The token is cancelled when the timer is disposed.</param>
    /// <param name="options">When to tick, and how.</param>
    /// <returns>The timer, which ends with its activation.</returns>
    public static IGrainTimer RegisterGrainTimer(
        this IGrainBase grain, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return RegisterGrainTimer(grain, static (state, token) => state(token), callback, options);
    }

    /// <inheritdoc cref="RegisterGrainTimer(IGrainBase, Func{CancellationToken, Task}, GrainTimerCreationOptions)"/>
    public static IGrainTimer RegisterGrainTimer(this IGrainBase grain, Func<Task> callback, GrainTimerCreationOptions options)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return RegisterGrainTimer(grain, static (state, _) => state(), callback, options);
    }

    /// <summary>Starts a timer whose ticks run as requests of this grain, never two at once.</summary>
    /// <typeparam name="TState">The type of the callback's argument.</typeparam>
    /// <param name="grain">The grain.</param>
    /// <param name="callback">What to do at a tick.</param>
    /// <param name="state">The callback's argument.</param>
    /// <param name="options">When to tick, and how.</param>
    /// <returns>The timer, which ends with its activation.</returns>
    public static IGrainTimer RegisterGrainTimer<TState>(
        this IGrainBase grain, Func<TState, Task> callback, TState state, GrainTimerCreationOptions options)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return RegisterGrainTimer(grain, static (pair, _) => pair.callback(pair.state), (callback, state), options);
    }

    /// <summary>Starts a timer whose ticks run as requests of this grain, never two at once.</summary>
    /// <param name="grain">The grain.</param>
    /// <param name="callback">What to do at a tick.</param>
    /// <param name="dueTime">Time until the first tick; infinite for none.</param>
    /// <param name="period">Time from the end of a tick to the next; infinite for no second tick.</param>
    /// <returns>The timer, which ends with its activation.</returns>
    public static IGrainTimer RegisterGrainTimer(this IGrainBase grain, Func<Task> callback, TimeSpan dueTime, TimeSpan period) =>
        RegisterGrainTimer(grain, callback, new GrainTimerCreationOptions(dueTime, period));

    /// <inheritdoc cref="RegisterGrainTimer(IGrainBase, Func{Task}, TimeSpan, TimeSpan)"/>
    public static IGrainTimer RegisterGrainTimer(
        this IGrainBase grain, Func<CancellationToken, Task> callback, TimeSpan dueTime, TimeSpan period) =>
        RegisterGrainTimer(grain, callback, new GrainTimerCreationOptions(dueTime, period));

    /// <summary>Starts a timer whose ticks run as requests of this grain, never two at once.</summary>
    /// <typeparam name="TState">The type of the callback's argument.</typeparam>
    /// <param name="grain">The grain.</param>
    /// <param name="callback">What to do at a tick.</param>
    /// <param name="state">The callback's argument.</param>
    /// <param name="dueTime">Time until the first tick; infinite for none.</param>
    /// <param name="period">Time from the end of a tick to the next; infinite for no second tick.</param>
    /// <returns>The timer, which ends with its activation.</returns>
    public static IGrainTimer RegisterGrainTimer<TState>(
        this IGrainBase grain, Func<TState, Task> callback, TState state, TimeSpan dueTime, TimeSpan period) =>
        RegisterGrainTimer(grain, callback, state, new GrainTimerCreationOptions(dueTime, period));

    /// <inheritdoc cref="RegisterGrainTimer{TState}(IGrainBase, Func{TState, Task}, TState, TimeSpan, TimeSpan)"/>
    public static IGrainTimer RegisterGrainTimer<TState>(
        this IGrainBase grain, Func<TState, CancellationToken, Task> callback, TState state, TimeSpan dueTime, TimeSpan period) =>
        RegisterGrainTimer(grain, callback, state, new GrainTimerCreationOptions(dueTime, period));
}
