using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Mnist.Dashboard.Tests.Support;

/// <summary><c>mnist serve</c> as a user starts it: a process of its own, on a port that was free.</summary>
internal sealed class Coordinator : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly Process _process;

    private Coordinator(Process process, Uri url) => (_process, Url) = (process, url);

    /// <summary>Where it listens.</summary>
    public Uri Url { get; }

    /// <summary>Starts it and waits until it listens.</summary>
    /// <param name="folder">Folder for its runs.</param>
    /// <param name="data">Folder of the data set; null for MNIST from the user's cache.</param>
    /// <param name="token">Token that changes need; null where they need none.</param>
    public static async Task<Coordinator> StartAsync(string folder, string? data, string? token = null)
    {
        string[] arguments =
        [
            "exec", ProgramPath(), "serve", "--urls", "http://127.0.0.1:0", "--json", "--enable-faults", "--runs", folder,
            .. data is null ? (string[])[] : ["--data", data], .. token is null ? (string[])[] : ["--token", token],
        ];
        var start = new ProcessStartInfo(DotnetHost(), arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (JsonNode.Parse(line)?["url"]?.GetValue<string>() is { } url)
            {
                // What nobody reads would hold the program up once the pipe is full.
                _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                return new Coordinator(process, new Uri(url));
            }
        }

        throw new InvalidOperationException($"mnist serve ended before it listened: {await errors}");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    /// <summary>The program where it was built, since the files of its pages are listed there.</summary>
    private static string ProgramPath()
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var (framework, configuration) = (output.Name, output.Parent!.Name);
        return Path.Combine(Repository.Root, "src/Mnist.Coordinator/bin", configuration, framework, "mnist.dll");
    }

    private static string DotnetHost() => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));
}
