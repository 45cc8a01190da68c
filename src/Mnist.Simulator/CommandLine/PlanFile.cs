using Mnist.Learning;
using Mnist.Simulator.Faults;

namespace Mnist.Simulator.CommandLine;

/// <summary>Writes plans where the user wants them.</summary>
internal static class PlanFile
{
    /// <summary>Writes a plan.</summary>
    /// <param name="option">The option that named the file.</param>
    /// <param name="path">The file.</param>
    /// <param name="plan">The plan.</param>
    /// <exception cref="InvalidInputException">The file cannot be written.</exception>
    public static void Write(string option, string path, FaultPlan plan)
    {
        try
        {
            FaultPlanJson.Write(path, plan);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{option} {path}: cannot be written: {exception.Message}", exception);
        }
    }
}
