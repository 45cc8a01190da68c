using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Mnist.Cluster.Tests.Processes;

namespace Mnist.Coordinator.Tests.Support;

/// <summary>What a finished process left behind.</summary>
public sealed record Finished(int ExitCode, string[] Output, string[] Errors)
{
    /// <summary>The only line on standard error.</summary>
    public string Error => Assert.Single(Errors);

    /// <summary>Expects one line on standard error, and its beginning.</summary>
    public void ExpectError(string start) => Assert.StartsWith($"error: {start}", Error, StringComparison.Ordinal);

    /// <summary>The only JSON line of a kind.</summary>
    public JsonObject Event(string name) => Assert.Single(Events(name));

    /// <summary>The JSON lines of a kind.</summary>
    public IEnumerable<JsonObject> Events(string name) =>
        Output.Select(line => JsonNode.Parse(line)!.AsObject()).Where(line => line["event"]!.GetValue<string>() == name);

    /// <summary>Shows what went wrong where an exit code is not the expected one.</summary>
    public Finished ExpectExitCode(int expected)
    {
        Assert.True(ExitCode == expected, $"exit code {ExitCode}, expected {expected}\n{string.Join('\n', [.. Output, .. Errors])}");
        return this;
    }
}

/// <summary>The program as a user runs it: a process of its own.</summary>
internal sealed class MnistProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly CancellationTokenSource _patience = new(Patience);
    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly List<string> _output = [];

    private MnistProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync(_patience.Token);
    }

    /// <summary>Starts the program.</summary>
    /// <param name="folder">Working directory; its subfolder <c>cache</c> is the user's cache folder.</param>
    /// <param name="arguments">Arguments.</param>
    public static MnistProcess Start(TemporaryFolder folder, params string[] arguments) =>
        Start(folder, DotnetHost(), [.. Program(), .. arguments]);

    /// <summary>Starts the program with a limit on the length of the files that it writes, as a full disk would have.</summary>
    /// <param name="folder">Working directory.</param>
    /// <param name="kibibytes">The most that a file may hold.</param>
    /// <param name="arguments">Arguments.</param>
    public static MnistProcess StartWithFileLimit(TemporaryFolder folder, int kibibytes, params string[] arguments) =>
        Start(
            folder,
            "/bin/bash",
            ["-c", $"trap '' XFSZ; ulimit -f {kibibytes}; exec \"$@\"", "bash", DotnetHost(), .. Program(), .. arguments]);

    /// <summary>
    /// Starts the program as a shell does in the foreground: it hears SIGINT even where the tests run as a job in the background,
    /// whose processes inherit that they ignore it. Elsewhere than on Linux, where <c>env</c> may not know how, this is a plain start.
    /// </summary>
    /// <param name="folder">Working directory.</param>
    /// <param name="arguments">Arguments.</param>
    public static MnistProcess StartInForeground(TemporaryFolder folder, params string[] arguments) =>
        OperatingSystem.IsLinux()
            ? Start(folder, "env", ["--default-signal=INT", DotnetHost(), .. Program(), .. arguments])
            : Start(folder, arguments);

    /// <summary>Starts the program by <c>dotnet run --no-build</c>.</summary>
    /// <param name="folder">Where its cache is.</param>
    /// <param name="project">Folder of its project.</param>
    /// <param name="options">Options of <c>dotnet run</c>, and the program's arguments.</param>
    /// <param name="runCommand">What an SDK takes for the program.</param>
    public static MnistProcess StartWithoutBuild(TemporaryFolder folder, string project, string[] options, string runCommand)
    {
        var start = Describe(folder, DotnetHost(), ["run", "--no-build", .. options]);
        start.WorkingDirectory = project;
        start.Environment["RunCommand"] = runCommand;
        return new MnistProcess(Process.Start(start)!);
    }

    /// <summary>Runs the program to its end.</summary>
    public static async Task<Finished> RunAsync(TemporaryFolder folder, params string[] arguments)
    {
        using var process = Start(folder, arguments);
        return await process.WaitAsync();
    }

    /// <summary>Reads output up to the first JSON line that fits.</summary>
    /// <param name="isWanted">Whether a line fits.</param>
    public async Task<JsonObject> WaitForEventAsync(Func<JsonObject, bool> isWanted)
    {
        while (await _process.StandardOutput.ReadLineAsync(_patience.Token) is { } line)
        {
            _output.Add(line);
            var found = JsonNode.Parse(line)!.AsObject();
            if (isWanted(found))
            {
                return found;
            }
        }

        throw new InvalidOperationException($"the program ended before the event came:\n{string.Join('\n', _output)}\n{await _errors}");
    }

    /// <summary>Ends the process without giving it a chance to do anything, as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(_patience.Token);
    }

    /// <summary>Sends a signal.</summary>
    /// <param name="signal">One of <see cref="Signals"/>.</param>
    public void Signal(int signal) => Signals.Send(_process.Id, signal);

    /// <summary>Waits for the process to end.</summary>
    public async Task<Finished> WaitAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync(_patience.Token) is { } line)
        {
            _output.Add(line);
        }

        await _process.WaitForExitAsync(_patience.Token);
        return new Finished(
            _process.ExitCode, [.. _output], (await _errors).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
        _patience.Dispose();
    }

    private static MnistProcess Start(TemporaryFolder folder, string file, string[] arguments) =>
        new(Process.Start(Describe(folder, file, arguments))!);

    private static ProcessStartInfo Describe(TemporaryFolder folder, string file, string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["XDG_CACHE_HOME"] = folder.At("cache");

        // The runtime maps its code twice through a large file, which a limit on the length of files would forbid.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        return start;
    }

    private static string[] Program() => ["exec", Path.Combine(AppContext.BaseDirectory, "mnist.dll")];

    private static string DotnetHost() => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));
}
