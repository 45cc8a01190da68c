using System.ComponentModel;
using System.Diagnostics;

namespace Mnist.Deploy.Tests;

/// <summary>Runs a program to its end.</summary>
internal static class ToolProcess
{
    /// <summary>Runs a program.</summary>
    /// <param name="input">What it reads from standard input.</param>
    /// <param name="command">The program and its arguments.</param>
    /// <returns>What it wrote to standard output, or null where there is no such program.</returns>
    /// <exception cref="InvalidOperationException">It failed; the message has what it said.</exception>
    public static string? Run(string input, params string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = Files.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEndAsync();
            process.StandardInput.Write(input);
            process.StandardInput.Close();
            process.WaitForExit();
            return process.ExitCode == 0
                ? output.Result
                : throw new InvalidOperationException($"{string.Join(' ', command)} failed:\n{errors.Result}{output.Result}");
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
