using System.CommandLine;

namespace Mnist.Coordinator.CommandLine.Commands;

internal static class PredictCommand
{
    public static string[] Examples { get; } = ["mnist predict digit.png"];

    public static Command Create() => new("predict", "x");
}
