using Mnist.Coordinator.Training;
using Mnist.Grains.Contracts;
using Mnist.Learning;

namespace Mnist.Coordinator.CommandLine;

/// <summary>The errors that programs that train expect: they print these in one line, any other with its stack.</summary>
internal static class TrainingErrors
{
    /// <summary>The exit code for an expected error; null for any other.</summary>
    public static int? ExitCodeOf(Exception exception) => exception switch
    {
        InvalidInputException or RunRejectedException => ExitCode.BadInput,
        RunFailedException => ExitCode.Failure,
        _ => null,
    };
}
