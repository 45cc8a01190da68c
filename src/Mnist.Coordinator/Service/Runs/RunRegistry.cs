using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;
using Mnist.Coordinator.Reports;
using Mnist.Coordinator.Runs;
using Mnist.Learning;

namespace Mnist.Coordinator.Service.Runs;

/// <summary>The runs in a folder: those that are begun here, and those that <c>mnist train</c> leaves there.</summary>
internal sealed partial class RunRegistry(ServiceOptions options, TimeProvider time, ILogger<RunRegistry> logger) : IDisposable
{
    private static readonly TimeSpan ScanInterval = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, RunEntry> _runs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTime> _seen = new(StringComparer.Ordinal);
    private readonly Lock _scanning = new();
    private long? _lastScan;

    /// <summary>All runs, the newest first.</summary>
    public IReadOnlyList<RunEntry> All
    {
        get
        {
            Scan();
            return
            [
                .. _runs.Values.OrderByDescending(run => run.Manifest.StartedAt)
                    .ThenByDescending(run => run.RunId, StringComparer.Ordinal),
            ];
        }
    }

    /// <summary>The run of a name.</summary>
    /// <exception cref="ServiceException">There is none.</exception>
    public RunEntry Get(string runId)
    {
        if (!_runs.TryGetValue(runId, out var run))
        {
            Scan();
        }

        return run ?? (_runs.TryGetValue(runId, out run)
            ? run
            : throw new ServiceException(ServiceProblem.NotFound, "there is no such run; GET api/runs lists those that there are"));
    }

    /// <summary>Adds a run whose manifest was just written.</summary>
    public RunEntry Add(RunFolder folder, RunManifest manifest) =>
        _runs.GetOrAdd(manifest.RunId, _ => new RunEntry(folder, manifest, time, logger));

    /// <summary>Forgets a run whose folder goes away.</summary>
    /// <param name="run">The run.</param>
    /// <param name="remove">Moves the folder out of the way; what it throws leaves all as it is.</param>
    public void Remove(RunEntry run, Action remove)
    {
        // Nobody looks into the folder meanwhile, and finds the run anew.
        lock (_scanning)
        {
            run.Dispose();
            remove();
            _runs.TryRemove(run.RunId, out _);
            _seen.Remove(run.Folder.Path);
        }

        run.Delete();
    }

    public void Dispose()
    {
        foreach (var run in _runs.Values)
        {
            run.Dispose();
        }
    }

    /// <summary>Finds runs that others have begun or finished.</summary>
    private void Scan()
    {
        lock (_scanning)
        {
            if (!Directory.Exists(options.RunsDirectory) || (_lastScan is { } last && time.GetElapsedTime(last) < ScanInterval))
            {
                return;
            }

            foreach (var path in Directory.EnumerateDirectories(options.RunsDirectory))
            {
                Look(new RunFolder(path));
            }

            _lastScan = time.GetTimestamp();
        }
    }

    private void Look(RunFolder folder)
    {
        // A manifest is written when a run is begun and again when it is continued, a result when it ends.
        var version = File.GetLastWriteTimeUtc(folder.HasResult ? folder.ResultPath : folder.ManifestPath);
        if (!folder.HasRun || (_seen.TryGetValue(folder.Path, out var known) && known == version))
        {
            return;
        }

        _seen[folder.Path] = version;
        try
        {
            var manifest = RunManifest.Read(folder.ManifestPath);
            if (!SafeName().IsMatch(manifest.RunId))
            {
                throw new InvalidInputException("runId is no name, expected letters, digits, dashes and dots");
            }

            var run = Add(folder, manifest);
            if (folder.HasResult && run is { Attempt: null, Phase: not RunPhase.Completed })
            {
                // `mnist train` ended it.
                run.Note(ReadResult(folder.ResultPath));
            }
        }
        catch (Exception exception) when (exception is InvalidInputException or IOException or UnauthorizedAccessException or JsonException)
        {
            LogUnreadable(folder.Path, exception.Message);
        }
    }

    private static ResultJson ReadResult(string path) =>
        JsonSerializer.Deserialize(File.ReadAllBytes(path), ResultJsonContext.Default.ResultJson)
        ?? throw new InvalidInputException($"{path}: null, expected the result of a run");

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$")]
    private static partial Regex SafeName();

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Folder}: is not shown: {Reason}")]
    private partial void LogUnreadable(string folder, string reason);
}
