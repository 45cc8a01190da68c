using System.Collections.Concurrent;
using System.Diagnostics;
using Mnist.Simulator.CommandLine;
using Mnist.Simulator.Trials;

namespace Mnist.Simulator.Sweeps;

/// <summary>
/// Tries the plans of many seeds. Each trial is the work of one thread; results are looked at in the order of the seeds, so that what
/// comes out does not depend on the number of threads.
/// </summary>
internal sealed class Sweep
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(200);
    private readonly Lock _lock = new();
    private ulong _next;
    private bool _isExhausted;
    private volatile bool _isStopping;

    /// <summary>Which seeds.</summary>
    public required SeedRange Seeds { get; init; }

    /// <summary>Number of threads.</summary>
    public required int Jobs { get; init; }

    /// <summary>Ends after so many failures; null for never.</summary>
    public int? MaxFailures { get; init; }

    /// <summary>Begins no trial after this time; null for no such limit.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>What is done with a seed.</summary>
    public Func<ulong, TrialResult> Run { get; init; } = TrialRunner.Run;

    /// <summary>Tries the seeds.</summary>
    /// <param name="looked">Called for each result, in the order of the seeds.</param>
    /// <param name="progressed">Called now and then, with the number of results so far.</param>
    /// <param name="cancellationToken">Ends early; what was begun is finished.</param>
    /// <returns>The time that it took.</returns>
    public TimeSpan Execute(Action<TrialResult> looked, Action<long, TimeSpan> progressed, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var results = new BlockingCollection<(ulong Seed, TrialResult Result)>();
        (_next, _isExhausted, _isStopping) = (Seeds.First, false, false);
        var running = Jobs;
        for (var job = 0; job < Jobs; job++)
        {
            new Thread(Work) { Name = $"trials {job}", IsBackground = true }.Start();
        }

        void Work()
        {
            while (!cancellationToken.IsCancellationRequested && !(watch.Elapsed >= TimeLimit) && Take() is { } seed)
            {
                // What was begun counts, also after an interruption.
                results.Add((seed, Run(seed)), CancellationToken.None);
            }

            if (Interlocked.Decrement(ref running) == 0)
            {
                results.CompleteAdding();
            }
        }

        Look(results, looked, count => progressed(count, watch.Elapsed));
        return watch.Elapsed;
    }

    private ulong? Take()
    {
        lock (_lock)
        {
            if (_isStopping || _isExhausted)
            {
                return null;
            }

            _isExhausted = _next == Seeds.Last;
            return _next++;
        }
    }

    /// <summary>Seeds are given out in order and all that were given out come back, so that there are no gaps at the end.</summary>
    private void Look(
        BlockingCollection<(ulong Seed, TrialResult Result)> results, Action<TrialResult> looked, Action<long> progressed)
    {
        var early = new Dictionary<ulong, TrialResult>();
        var (due, failures, count) = (Seeds.First, 0, 0L);
        while (!results.IsCompleted)
        {
            if (results.TryTake(out var arrived, ProgressInterval))
            {
                early.Add(arrived.Seed, arrived.Result);
            }

            while (!_isStopping && early.Remove(due, out var result))
            {
                due++;
                count++;
                failures += result.Violation is null ? 0 : 1;
                looked(result);
                _isStopping = failures >= MaxFailures;
            }

            progressed(count);
        }
    }
}
