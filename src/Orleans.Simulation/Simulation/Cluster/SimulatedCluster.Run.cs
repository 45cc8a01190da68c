namespace Orleans.Simulation;

/// <summary>How a simulated cluster runs.</summary>
public sealed partial class SimulatedCluster
{
    /// <summary>Runs until something is so. When no turn is ready, time goes on to the next timer or message.</summary>
    /// <param name="until">Asked before each turn and event.</param>
    /// <param name="limit">How much virtual time may pass.</param>
    /// <returns>Whether it became so; if not, the limit is reached.</returns>
    /// <exception cref="ForeignThreadException">Grain code left the simulation's thread.</exception>
    /// <exception cref="SimulationException">
    /// The run failed: a silo did not start, or a timer or an action outside grains threw.
    /// </exception>
    public bool Run(Func<bool> until, TimeSpan limit)
    {
        ArgumentNullException.ThrowIfNull(until);
        bool reached = RunUntil(until, Clock.Now + limit.Ticks);
        if (!reached)
        {
            // A continuation that never came is the usual reason.
            Sentinel.AwaitForeigner();
            ThrowIfFailed();
        }

        return reached;
    }

    /// <summary>Runs for a length of virtual time.</summary>
    /// <param name="duration">The length of time.</param>
    public void Run(TimeSpan duration) => RunUntil(() => false, Clock.Now + duration.Ticks);

    /// <summary>
    /// Fails if code of the run has left the simulation's thread, even if it comes back only now, after the run. Real time, up to
    /// <see cref="SimulationOptions.ForeignThreadPatience"/>, is spent only if an activation that could run is in the middle of
    /// something: a request that waits for another, such as a long poll, looks the same as one that waits for a thread. So ask when no
    /// requests should be left. What a grain does not await goes unnoticed unless it comes back in time.
    /// </summary>
    /// <exception cref="ForeignThreadException">Code left the simulation's thread.</exception>
    public void CheckForForeignThreads()
    {
        Sentinel.Require("check the simulation");
        Sentinel.ThrowIfViolated();
        if (_silos.Exists(silo => silo is { IsGone: false, IsPaused: false } && silo.Node.Directory.HasUnfinished))
        {
            Sentinel.AwaitForeigner();
            Sentinel.ThrowIfViolated();
        }
    }

    private bool RunUntil(Func<bool> until, long end)
    {
        Sentinel.Require("run the simulation");
        if (_running)
        {
            throw new InvalidOperationException("The simulation runs already; code within it awaits instead.");
        }

        // Awaits prefer a synchronization context to the task scheduler; a test runner's would take the turns to its own threads.
        var synchronization = SynchronizationContext.Current;
        var execution = ExecutionContext.Capture();
        SynchronizationContext.SetSynchronizationContext(null);
        TurnQueue.RestorePristineContext();
        _running = true;
        try
        {
            while (true)
            {
                ThrowIfFailed();
                if (until())
                {
                    return true;
                }

                if (!Step(end))
                {
                    Clock.AdvanceTo(end);
                    return false;
                }
            }
        }
        finally
        {
            _running = false;
            if (execution is not null)
            {
                ExecutionContext.Restore(execution);
            }

            SynchronizationContext.SetSynchronizationContext(synchronization);
        }
    }

    /// <summary>Runs one turn, or lets time go on to what is due next.</summary>
    /// <returns>False if neither happens before the end.</returns>
    private bool Step(long end)
    {
        if (Clock.Now > end)
        {
            return false;
        }

        if (Clock.NextDue > Clock.Now && Turns.TryTake(out var queue, out var node))
        {
            var activation = queue.Owner;
            Log.Record(SimulationEventKind.Turn, node, activation?.GrainId ?? default, activation: activation);
            queue.RunTurns(1);
            Clock.AdvanceTo(Clock.Now + _options.TurnDuration.Ticks);
            if (activation is not null)
            {
                TurnEnded?.Invoke(new(node.Name, node.Generation, activation.GrainId, activation.GrainInstance));
            }

            return true;
        }

        if (Clock.NextDue > end)
        {
            return false;
        }

        Clock.AdvanceTo(Clock.NextDue);
        try
        {
            Clock.FireNext();
        }
        catch (Exception exception)
        {
            Fail(exception);
        }

        return true;
    }

    private void ThrowIfFailed()
    {
        Sentinel.ThrowIfViolated();
        if (_failure is not null)
        {
            throw new SimulationException($"Seed {Seed}: the run failed after {Now}. {_failure.Message}", _failure);
        }
    }
}
