using System.Text.Json;
using Mnist.Learning;

namespace Mnist.Simulator.Planning;

/// <summary>A whole run as <c>mnist train</c> reports it.</summary>
/// <param name="Workers">Number of workers.</param>
/// <param name="ImagesPerSecond">Images of all its steps, divided by their time.</param>
/// <param name="EpochSeconds">Seconds of each epoch.</param>
internal sealed record ProgramRun(int Workers, double ImagesPerSecond, IReadOnlyList<double> EpochSeconds)
{
    /// <summary>Images of all steps.</summary>
    public double Images => ImagesPerSecond * EpochSeconds.Sum();

    /// <summary>
    /// How much longer the first epoch took than the others did on the average, seconds: code that is compiled when it is first called,
    /// memory that is touched for the first time, workers that get to know each other. Null where there is one epoch only.
    /// </summary>
    public double? WarmUpSeconds => EpochSeconds.Count > 1 ? EpochSeconds[0] - EpochSeconds.Skip(1).Average() : null;

    /// <summary>Reads a run from its <c>result.json</c>.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">It is no such file.</exception>
    public static ProgramRun Read(string path)
    {
        try
        {
            using var file = JsonDocument.Parse(File.ReadAllBytes(path));
            var result = file.RootElement;
            return new ProgramRun(
                result.GetProperty("workers").GetInt32(),
                result.GetProperty("imagesPerSecond").GetDouble(),
                [.. result.GetProperty("epochs").EnumerateArray().Select(epoch => epoch.GetProperty("seconds").GetDouble())]);
        }
        catch (Exception exception) when (exception is IOException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InvalidInputException($"{path}: is not the result of a run: {exception.Message}", exception);
        }
    }
}
