using System.Diagnostics;

namespace Mnist.Cluster.Tests.Processes;

/// <summary>A line that a process wrote.</summary>
/// <param name="At">When it arrived here, on one clock for all processes.</param>
/// <param name="Text">The line.</param>
internal sealed record OutputLine(TimeSpan At, string Text);

/// <summary>A program in a process of its own, killed when the test ends; what it writes is kept with its time.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    /// <summary>How long tests wait for what is to come.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>
    /// How long what a process writes is left to gather. It has times of its own where these matter, and reading each line as it comes
    /// takes a tenth of a processor from silos that apply two hundred steps a second.
    /// </summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(25);

    /// <summary>With as many characters at once there are more, which a pipe has no room for.</summary>
    private const int Many = 2_000;
    private const int Characters = 64 * 1024;
    private static readonly Dictionary<string, string> NoVariables = [];
    private static readonly long Origin = Stopwatch.GetTimestamp();
    private static readonly TimeSpan OriginOfDay = DateTime.UtcNow.TimeOfDay;
    private static Task _quiet = Task.CompletedTask;
    private readonly Lock _lock = new();
    private readonly Process _process;
    private readonly Task _reading;
    private readonly List<OutputLine> _lines = [];
    private readonly List<(Func<string, bool> IsWanted, TaskCompletionSource<OutputLine?> Found)> _waiters = [];

    private ChildProcess(string name, Process process)
    {
        (Name, _process, Id) = (name, process, process.Id);
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
        _ = _reading.ContinueWith(_ => EndWaiters(), TaskScheduler.Default);
    }

    /// <summary>Now, on the clock of <see cref="OutputLine.At"/>.</summary>
    public static TimeSpan Now => Stopwatch.GetElapsedTime(Origin);

    /// <summary>A time of day, UTC, within a day of the start of this process, on the clock of <see cref="Now"/>.</summary>
    public static TimeSpan At(TimeSpan timeOfDay) =>
        timeOfDay - OriginOfDay + (timeOfDay < OriginOfDay ? TimeSpan.FromDays(1) : TimeSpan.Zero);

    /// <summary>What the process is called in messages.</summary>
    public string Name { get; }

    /// <summary>Process id.</summary>
    public int Id { get; }

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>What it has written so far.</summary>
    public IReadOnlyList<OutputLine> Lines
    {
        get
        {
            lock (_lock)
            {
                return [.. _lines];
            }
        }
    }

    public static ChildProcess Start(string name, string workingDirectory, string file, params IEnumerable<string> arguments) =>
        Start(name, workingDirectory, NoVariables, file, arguments);

    /// <summary>Starts a program.</summary>
    /// <param name="name">What it is called in messages.</param>
    /// <param name="workingDirectory">Its working directory, in which its cache is, too.</param>
    /// <param name="environment">Variables that it has besides those of this process.</param>
    /// <param name="file">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    public static ChildProcess Start(
        string name, string workingDirectory, IReadOnlyDictionary<string, string> environment, string file, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["XDG_CACHE_HOME"] = Path.Combine(workingDirectory, "cache");
        foreach (var (variable, value) in environment)
        {
            start.Environment[variable] = value;
        }

        return new ChildProcess(name, Process.Start(start)!);
    }

    /// <summary>
    /// Does something while nothing that processes write is read: what this process does takes time from theirs. It should take no longer
    /// than their pipes have room for.
    /// </summary>
    /// <param name="act">On a thread of its own: one of the pool is busy for a while after it has waited.</param>
    public static async Task KeepQuietAsync(Action act)
    {
        var quiet = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _quiet, quiet.Task);
        try
        {
            await Task.Factory.StartNew(
                act, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            quiet.SetResult();
        }
    }

    /// <summary>Waits for a line, which may have come already.</summary>
    public async Task<OutputLine> WaitForLineAsync(string what, Func<string, bool> isWanted)
    {
        var found = new TaskCompletionSource<OutputLine?>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_lines.Find(line => isWanted(line.Text)) is { } line)
            {
                return line;
            }

            _waiters.Add((isWanted, found));
        }

        if (_reading.IsCompleted)
        {
            EndWaiters();
        }

        return await WithPatience(found.Task, what) ?? throw new InvalidOperationException($"{Name} ended before {what}\n{Describe()}");
    }

    /// <summary>Sends a signal.</summary>
    /// <param name="signal">One of <see cref="Signals"/>.</param>
    /// <returns>When.</returns>
    public TimeSpan Signal(int signal)
    {
        var at = Now;
        Signals.Send(Id, signal);
        return at;
    }

    /// <summary>Ends the process without giving it a chance to do anything, as <c>kill -9</c> does.</summary>
    /// <param name="withChildren">Whether the processes that it started end, too.</param>
    /// <returns>When.</returns>
    public async Task<TimeSpan> KillAsync(bool withChildren = false)
    {
        _process.Kill(withChildren);
        var at = Now;
        await WaitForExitAsync();
        return at;
    }

    /// <summary>Waits until it has ended by itself.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> WaitForExitAsync()
    {
        await WithPatience(_process.WaitForExitAsync().ContinueWith(_ => true, TaskScheduler.Default), "its end");
        await _reading;
        return _process.ExitCode;
    }

    /// <summary>The last lines, for messages.</summary>
    public string Describe() => string.Join('\n', Lines.TakeLast(25).Select(line => $"{Name} {line.At:ss\\.fff}: {line.Text}"));

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync(CancellationToken.None);
        await _reading;
        _process.Dispose();
    }

    private async Task<T> WithPatience<T>(Task<T> task, string what)
    {
        try
        {
            return await task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"waited {Patience.TotalSeconds} s for {what} of {Name}\n{Describe()}");
        }
    }

    private async Task ReadAsync(StreamReader reader)
    {
        var (buffer, rest) = (new char[Characters], "");
        while (await reader.ReadAsync(buffer) is var count and > 0)
        {
            var lines = (rest + new string(buffer, 0, count)).Split(Environment.NewLine);
            rest = lines[^1];
            Array.ForEach(lines[..^1], Take);
            if (count < Many)
            {
                await Task.Delay(Gathering);
            }

            await Volatile.Read(ref _quiet);
        }

        if (rest.Length > 0)
        {
            Take(rest);
        }
    }

    private void Take(string text)
    {
        var line = new OutputLine(Now, text);
        TaskCompletionSource<OutputLine?>[] found;
        lock (_lock)
        {
            _lines.Add(line);
            found = [.. _waiters.Where(waiter => waiter.IsWanted(text)).Select(waiter => waiter.Found)];
            _waiters.RemoveAll(waiter => found.Contains(waiter.Found));
        }

        Array.ForEach(found, waiter => waiter.TrySetResult(line));
    }

    private void EndWaiters()
    {
        lock (_lock)
        {
            _waiters.ForEach(waiter => waiter.Found.TrySetResult(null));
            _waiters.Clear();
        }
    }
}
