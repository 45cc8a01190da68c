using System.Reflection;
using Microsoft.Extensions.Logging;
using Mnist.Grains.Contracts;
using Mnist.Simulator.Trials;
using Orleans;

namespace Mnist.Simulator.Sweeps;

/// <summary>The log messages of the grains, each of which marks a path of their code.</summary>
internal static class GrainPaths
{
    private static readonly (string? Grain, string Message)[] Messages =
    [
        .. from type in typeof(IWorkerGrain).Assembly.GetTypes()
           from method in type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
           where method.GetCustomAttribute<LoggerMessageAttribute>() is not null
           let message = method.Name.StartsWith("Log", StringComparison.Ordinal) ? method.Name[3..] : method.Name
           orderby type.Name, message
           select (type.IsAssignableTo(typeof(IGrain)) ? type.Name : null, message),
    ];

    /// <summary>
    /// Paths with how often they were taken, the rarest first, those among them that no seed took. What helps a grain logs in the grain's
    /// name: its message counts as taken if any grain wrote it.
    /// </summary>
    public static IReadOnlyList<(string Name, Tally Tally)> Rarest(SweepSummary summary)
    {
        var taken = summary.Tallies
            .Where(entry => entry.Key.StartsWith(CoverageNames.Path, StringComparison.Ordinal))
            .Select(entry => (Name: entry.Key[CoverageNames.Path.Length..], Tally: entry.Value))
            .ToArray();
        var never = Messages
            .Where(known => !taken.Any(path => known.Grain is null
                ? path.Name.EndsWith("." + known.Message, StringComparison.Ordinal)
                : path.Name == $"{known.Grain}.{known.Message}"))
            .Select(known => (Name: $"{known.Grain ?? "*"}.{known.Message}", Tally: default(Tally)));
        return
        [
            .. taken.Concat(never)
                .OrderBy(path => path.Tally.Seeds)
                .ThenBy(path => path.Tally.Count)
                .ThenBy(path => path.Name, StringComparer.Ordinal),
        ];
    }
}
