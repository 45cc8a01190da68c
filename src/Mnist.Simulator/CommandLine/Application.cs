using Mnist.Coordinator.CommandLine;
using Mnist.Simulator.CommandLine.Commands;
using Mnist.Simulator.Planning;

namespace Mnist.Simulator.CommandLine;

/// <summary>The program <c>mnist-simulator</c>: its commands.</summary>
internal static class Application
{
    /// <summary>Runs a command line.</summary>
    /// <param name="args">What the user typed after the program's name.</param>
    /// <returns>The exit code, see <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        using var interruption = new Interruption();
        var program = new CommandLineProgram
        {
            Name = "mnist-simulator",
            Description = "Trains on a simulated cluster in which things go wrong, and checks what has to hold. A seed decides everything.",
            Failure = "an invariant did not hold, or an unexpected failure",
            Commands =
            [
                (RunCommand.Create(interruption), RunCommand.Examples),
                (ReplayCommand.Create(), ReplayCommand.Examples),
                (ShrinkCommand.Create(interruption), ShrinkCommand.Examples),
                (PlanCommand.Create(interruption.Token), PlanCommand.Examples),
            ],
        };
        return await program.RunAsync(args, interruption);
    }
}
