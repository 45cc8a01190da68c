using System.Diagnostics;

namespace Mnist.Grains.Telemetry;

/// <summary>
/// The spans of training. What belongs together in several grains is tied by contexts inside the messages, not by what the runtime
/// propagates: that would make a span of every call, of which there are thousands a second.
/// </summary>
public static class TrainingTraces
{
    private static readonly ActivitySource Source = new(TelemetryNames.Source);

    /// <summary>The context of what is traced at the moment, for a message; null where nothing is.</summary>
    public static string? CurrentParent => ParentOf(Activity.Current);

    /// <summary>Whether anybody wants to hear of spans.</summary>
    internal static bool HasListeners => Source.HasListeners();

    /// <summary>The context of a span, for a message; null where it is not recorded.</summary>
    internal static string? ParentOf(Activity? span) => span is { Recorded: true, IdFormat: ActivityIdFormat.W3C } ? span.Id : null;

    /// <summary>What a message says of the span that it belongs to; none where it says nothing of use.</summary>
    internal static ActivityContext Read(string? parent) =>
        ActivityContext.TryParse(parent, null, isRemote: true, out var context) ? context : default;

    /// <summary>Begins a span that its caller ends, in the same method, by <see cref="End"/>.</summary>
    /// <param name="name">One of <see cref="TelemetryNames"/>.</param>
    /// <param name="parent">The span that it is part of.</param>
    /// <param name="time">The clock.</param>
    internal static Activity? Begin(string name, in ActivityContext parent, TimeProvider time) =>
        Source.StartActivity(name, ActivityKind.Internal, parent, startTime: time.GetUtcNow());

    /// <summary>
    /// Begins a span that is ended in another call, so that it is nobody's current one, nor part of what is traced in this call.
    /// </summary>
    /// <param name="name">One of <see cref="TelemetryNames"/>.</param>
    /// <param name="parent">The span that it is part of; none where it begins a trace.</param>
    /// <param name="link">What else it has to do with; none where there is nothing.</param>
    /// <param name="start">When it began.</param>
    internal static Activity? BeginDetached(string name, in ActivityContext parent, in ActivityContext link, DateTimeOffset start)
    {
        var current = Activity.Current;
        Activity.Current = null;
        try
        {
            var links = link == default ? null : new[] { new ActivityLink(link) };
            return Source.StartActivity(name, ActivityKind.Internal, parent, null, links, start);
        }
        finally
        {
            Activity.Current = current;
        }
    }

    /// <summary>Ends a span.</summary>
    /// <param name="span">The span; null does nothing.</param>
    /// <param name="time">The clock.</param>
    internal static void End(Activity? span, TimeProvider time)
    {
        // Ending a span that is not the current one makes current what was so when it began.
        var current = Activity.Current;
        span?.SetEndTime(time.GetUtcNow().UtcDateTime).Stop();
        if (current != span)
        {
            Activity.Current = current;
        }
    }
}
