using Mnist.Simulator.CommandLine;
using Mnist.Simulator.Trials;

namespace Mnist.Simulator.Reports;

/// <summary>A trial in which an invariant did not hold, in words.</summary>
internal static class FailureText
{
    /// <summary>What did not hold, when, and what to type to see more.</summary>
    /// <param name="result">A result with a violation.</param>
    /// <param name="plan">What the plan is called on the command line: a seed, or the path of a file.</param>
    public static IEnumerable<string> Lines(TrialResult result, string plan)
    {
        var violation = result.Violation!;
        yield return $"FAILED {plan}: {violation.Invariant}, at {SimulatorText.Moment(violation.At)} s of virtual time";
        foreach (var line in violation.Reason.TrimEnd().ReplaceLineEndings("\n").Split('\n'))
        {
            yield return $"  {line}";
        }

        yield return $"  replay: {UserCommands.Replay(plan)}";
        yield return $"  shrink: {UserCommands.Shrink(plan)}";
    }
}
