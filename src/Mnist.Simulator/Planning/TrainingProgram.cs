using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Mnist.Learning;
using Mnist.Learning.Specification;

namespace Mnist.Simulator.Planning;

/// <summary>The program that users train with, in processes of its own.</summary>
/// <param name="path"><c>mnist</c>, or <c>mnist.dll</c>.</param>
/// <param name="spec">What to train.</param>
internal sealed class TrainingProgram(string path, RunSpec spec)
{
    /// <summary>Trains a whole run.</summary>
    /// <param name="workers">Number of workers.</param>
    /// <param name="cancellationToken">Ends the program.</param>
    /// <exception cref="InvalidInputException">The program cannot be started, or failed.</exception>
    public async Task<ProgramRun> RunAsync(int workers, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("mnist-plan-").FullName;
        try
        {
            using var process = Start(workers, folder);
            await using var ended = cancellationToken.Register(process.Kill);
            var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            var errors = await process.StandardError.ReadToEndAsync(CancellationToken.None);
            _ = await output;
            await process.WaitForExitAsync(CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
            return process.ExitCode == 0
                ? ProgramRun.Read(Path.Combine(folder, "result.json"))
                : throw new InvalidInputException($"{path} ended with exit code {process.ExitCode}: {errors.Trim()}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private Process Start(int workers, string folder)
    {
        string[] arguments =
        [
            "train", "--json", "--out", folder, "--recipe", spec.Recipe, "--workers", Text(workers), "--epochs", Text(spec.Epochs),
            "--batch", Text(spec.GlobalBatch), "--slices", Text(spec.Slices),
        ];
        var isAssembly = Path.GetExtension(path) == ".dll";
        var start = new ProcessStartInfo(isAssembly ? "dotnet" : path, isAssembly ? [path, .. arguments] : arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new InvalidInputException($"{path}: cannot be started: {exception.Message}", exception);
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
