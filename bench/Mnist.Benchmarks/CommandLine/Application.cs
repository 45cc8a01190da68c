using Mnist.Coordinator.CommandLine;

namespace Mnist.Benchmarks.CommandLine;

/// <summary>The program <c>mnist-benchmarks</c>: its commands.</summary>
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
            Name = "mnist-benchmarks",
            Description = "Measures how fast this project trains: against PyTorch, and against the machine's limit.",
            Commands =
            [
                (CompareCommand.Create(interruption), CompareCommand.Examples),
                (KernelsCommand.Create(interruption), KernelsCommand.Examples),
                (LoadCommand.Create(interruption), LoadCommand.Examples),
            ],
            ExitCodeOf = TrainingErrors.ExitCodeOf,
        };
        return await program.RunAsync(args, interruption);
    }
}
