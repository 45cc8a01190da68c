using System.CommandLine;
using Mnist.Coordinator.CommandLine;
using Mnist.Learning;
using Mnist.Learning.Models;

namespace Mnist.Benchmarks.CommandLine;

/// <summary>Networks that a user names, separated by commas.</summary>
internal static class NetworkList
{
    /// <summary>Makes the option.</summary>
    public static Option<string?> CreateOption() => OptionFactory.Text(
        "--networks", "NAMES", $"Networks, separated by commas [default: {string.Join(',', Networks.Names)}]", "names of networks");

    /// <summary>Reads the names.</summary>
    /// <param name="text">What the user typed; null for all.</param>
    /// <exception cref="InvalidInputException">There is no such network.</exception>
    public static IReadOnlyList<string> Parse(string? text)
    {
        if (text is null)
        {
            return Networks.Names;
        }

        var names = text.Split(',', StringSplitOptions.TrimEntries);
        foreach (var name in names.Where(name => !Networks.Names.Contains(name)))
        {
            throw new InvalidInputException($"--networks has '{name}', expected some of {string.Join(',', Networks.Names)}");
        }

        return [.. names.Distinct()];
    }
}
