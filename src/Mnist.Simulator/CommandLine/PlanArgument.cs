using System.CommandLine;
using Mnist.Simulator.Faults;

namespace Mnist.Simulator.CommandLine;

/// <summary>What the user wants to look at: the plan of a seed, or one in a file.</summary>
/// <param name="Text">What the user typed.</param>
/// <param name="Plan">The plan.</param>
internal sealed record PlanArgument(string Text, FaultPlan Plan)
{
    /// <summary>An argument that takes a plan.</summary>
    public static Argument<string> Create() => new("SEED|plan.json")
    {
        Description = "A seed, or a file with a fault plan",
        Arity = ArgumentArity.ExactlyOne,
    };

    /// <summary>Draws the plan of a seed, or reads the one in a file.</summary>
    /// <param name="text">What the user typed.</param>
    /// <exception cref="Learning.InvalidInputException">There is no such file, or it holds no plan.</exception>
    public static PlanArgument Read(string text) => new(
        text, SeedRange.TryParseSeed(text, out var seed) ? FaultPlanGenerator.Create(seed) : FaultPlanJson.Read(text));
}
