using System.ComponentModel;
using System.Diagnostics;
using Mnist.Learning;

namespace Mnist.Benchmarks.Comparison;

/// <summary>A Python that has what the peers need.</summary>
/// <param name="Python">The interpreter.</param>
internal sealed record TorchInstallation(string Python)
{
    private const string HowToInstall =
        "install it (Debian: `apt-get install python3-torch python3-numpy libopenblas0-pthread`; elsewhere: `pip install torch numpy`), "
        + "or name a Python that has it with --python";

    /// <summary>Prints what is missing. PyTorch on the plain reference BLAS would be no fair peer.</summary>
    private const string Probe = """
        missing = []
        try:
            import numpy
        except ImportError:
            missing.append("numpy")
        try:
            import torch
            if not torch.distributed.is_available() or not torch.distributed.is_gloo_available():
                missing.append("gloo in torch.distributed")
            torch.ones(64, 64) @ torch.ones(64, 64)
            try:
                if "/blas/libblas.so" in open("/proc/self/maps").read():
                    missing.append("OpenBLAS in place of the reference BLAS")
            except OSError:
                pass
        except ImportError:
            missing.append("torch")
        print(",".join(missing))
        """;

    // A Python that some version manager put first on the path may lack what the system's one has.
    private static readonly string[] Candidates = ["python3", "/usr/bin/python3"];

    /// <summary>Finds a Python with PyTorch.</summary>
    /// <param name="python">The only one to look at; null for those that are usual.</param>
    /// <exception cref="InvalidInputException">There is none; the message says what is missing and how to install it.</exception>
    public static async Task<TorchInstallation> FindAsync(string? python)
    {
        var reasons = new List<string>();
        foreach (var candidate in python is null ? Candidates : [python])
        {
            var missing = await FindMissingAsync(candidate);
            if (missing.Length == 0)
            {
                return new TorchInstallation(candidate);
            }

            reasons.Add($"{candidate} {missing}");
        }

        throw new InvalidInputException($"no PyTorch to compare with: {string.Join("; ", reasons)}; {HowToInstall}");
    }

    private static async Task<string> FindMissingAsync(string python)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(python, ["-c", Probe])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var errors = process.StandardError.ReadToEndAsync();
            var missing = (await process.StandardOutput.ReadToEndAsync()).Trim();
            await process.WaitForExitAsync();
            if (process.ExitCode != 0)
            {
                return $"failed: {(await errors).TrimEnd().Split('\n')[^1]}";
            }

            return missing.Length == 0 ? "" : $"lacks {missing.Replace(",", " and ", StringComparison.Ordinal)}";
        }
        catch (Win32Exception exception)
        {
            return $"cannot be started ({exception.Message})";
        }
    }
}
