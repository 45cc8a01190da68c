using System.Collections.Concurrent;

namespace Orleans.Simulation.Tests;

/// <summary>Lets tests and grains wait for each other by name, across whatever host runs the grains.</summary>
internal static class Signals
{
    private static readonly ConcurrentDictionary<string, TaskCompletionSource> All = new();

    public static void Set(string name) => Of(name).TrySetResult();

    public static Task Wait(string name) => Of(name).Task.WaitAsync(TimeSpan.FromSeconds(20));

    private static TaskCompletionSource Of(string name) =>
        All.GetOrAdd(name, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
