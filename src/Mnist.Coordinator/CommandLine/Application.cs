using Mnist.Coordinator.CommandLine.Commands;

namespace Mnist.Coordinator.CommandLine;

/// <summary>The program <c>mnist</c>: its commands, and which errors it expects.</summary>
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
            Name = "mnist",
            Description = "Distributed training of a handwritten-digit classifier.",
            Commands =
            [
                (TrainCommand.Create(interruption), TrainCommand.Examples),
                (ServeCommand.Create(interruption), ServeCommand.Examples),
                .. RemoteCommands.Create(interruption),
                (EvaluateCommand.Create(interruption), EvaluateCommand.Examples),
                (PredictCommand.Create(), PredictCommand.Examples),
                (DataCommand.Create(interruption), DataCommand.Examples),
            ],
            ExitCodeOf = TrainingErrors.ExitCodeOf,
        };
        return await program.RunAsync(args, interruption);
    }
}
