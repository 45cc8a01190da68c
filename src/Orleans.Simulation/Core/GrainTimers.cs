using System.Diagnostics.CodeAnalysis;

namespace Orleans.Runtime
{
    /// <summary>When a grain timer ticks, and how its ticks relate to requests.</summary>
    public readonly struct GrainTimerCreationOptions
    {
        /// <summary>For object initializers.</summary>
        public GrainTimerCreationOptions()
        {
        }

        /// <summary>Sets the times.</summary>
        /// <param name="dueTime">Time until the first tick; infinite for none.</param>
        /// <param name="period">Time from the end of a tick to the next; infinite for no second tick.</param>
        [SetsRequiredMembers]
        public GrainTimerCreationOptions(TimeSpan dueTime, TimeSpan period)
        {
            DueTime = dueTime;
            Period = period;
        }

        /// <summary>Time until the first tick; infinite for none.</summary>
        public required TimeSpan DueTime { get; init; }

        /// <summary>Time from the end of a tick to the next; infinite for no second tick.</summary>
        public required TimeSpan Period { get; init; }

        /// <summary>Whether ticks may interleave with requests and other timers.</summary>
        public bool Interleave { get; init; }

        /// <summary>Whether a tick counts as use, so that the activation is not collected as idle.</summary>
        public bool KeepAlive { get; init; }
    }

    /// <summary>A running timer of a grain.</summary>
    public interface IGrainTimer : IDisposable
    {
        /// <summary>Changes the times; within a tick, from the end of that tick.</summary>
        /// <param name="dueTime">Time until the next tick; infinite for none.</param>
        /// <param name="period">Time from the end of a tick to the next; infinite for no second tick.</param>
        void Change(TimeSpan dueTime, TimeSpan period);
    }
}

namespace Orleans.Timers
{
    /// <summary>Starts grain timers.</summary>
    public interface ITimerRegistry
    {
        /// <summary>Starts a timer whose ticks run as requests of an activation, never two at once.</summary>
        /// <typeparam name="TState">The type of the callback's argument.</typeparam>
        /// <param name="grainContext">The activation.</param>
        /// <param name="callback">What to do at a tick. The token is cancelled when the timer is disposed.</param>
        /// <param name="state">The callback's argument.</param>
        /// <param name="options">When to tick, and how.</param>
        /// <returns>The timer, which ends with its activation.</returns>
        Runtime.IGrainTimer RegisterGrainTimer<TState>(
            Runtime.IGrainContext grainContext,
            Func<TState, CancellationToken, Task> callback,
            TState state,
            Runtime.GrainTimerCreationOptions options);
    }
}
