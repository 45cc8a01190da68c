using System.Diagnostics;
using Mnist.Grains.Compute;
using Mnist.Learning.Specification;
using Mnist.Learning.Training;

namespace Mnist.Simulator.Planning;

/// <summary>Measures the engine: slices computed one after the other, by one thread or by several at once.</summary>
internal sealed class SliceTimer
{
    private readonly RunSpec _spec;
    private readonly ITrainingModel _model;
    private readonly float[] _state;

    /// <summary>Prepares measuring.</summary>
    /// <param name="spec">A specification of <see cref="SyntheticData"/>.</param>
    /// <param name="model">Its model.</param>
    public SliceTimer(RunSpec spec, ITrainingModel model)
    {
        (_spec, _model) = (spec, model);
        var store = new ParameterStore(spec, model.GetLayout(spec));
        store.Initialize();
        _state = store.State.ToArray();
    }

    /// <summary>Measures.</summary>
    /// <param name="threads">Threads that compute at once.</param>
    /// <param name="duration">How long each of them computes.</param>
    /// <returns>Slices, and how long it takes to pack the weights.</returns>
    public (Stretch Slices, double LoadMicroseconds) Measure(int threads, TimeSpan duration)
    {
        using var ready = new Barrier(threads);
        var results = new (List<double> Slices, List<double> Loads)[threads];
        var measuring = Enumerable.Range(0, threads).Select(index => new Thread(() => results[index] = Compute(ready, duration))).ToArray();
        Array.ForEach(measuring, thread => thread.Start());
        Array.ForEach(measuring, thread => thread.Join());
        return (Stretch.Of([.. results.Select(result => result.Slices.ToArray())]), Medians.Of(results[0].Loads));
    }

    /// <summary>Measures how long it takes to add a contribution to another.</summary>
    public double MeasureCombining()
    {
        var length = _model.GetLayout(_spec).ContributionLength;
        var (left, right) = (new float[length], new float[length]);
        return Medians.Of(Enumerable.Range(0, 500).Select(_ =>
        {
            var begun = Stopwatch.GetTimestamp();
            SliceReduction.Add(left, right);
            return Stopwatch.GetElapsedTime(begun).TotalMicroseconds;
        }));
    }

    private (List<double> Slices, List<double> Loads) Compute(Barrier ready, TimeSpan duration)
    {
        using var computer = _model.CreateComputer(_spec);
        var contribution = new float[_model.GetLayout(_spec).ContributionLength];
        Step(computer, contribution, 0, [], []);
        ready.SignalAndWait();
        var (slices, loads) = (new List<double>(), new List<double>());
        var begun = Stopwatch.GetTimestamp();
        var steps = new SlicePlan(_spec).TotalSteps;
        for (var step = 0L; Stopwatch.GetElapsedTime(begun) < duration; step++)
        {
            Step(computer, contribution, step % steps, slices, loads);
        }

        return (slices, loads);
    }

    private void Step(ISliceComputer computer, float[] contribution, long step, List<double> slices, List<double> loads)
    {
        var begun = Stopwatch.GetTimestamp();
        computer.LoadState(_state);
        loads.Add(Stopwatch.GetElapsedTime(begun).TotalMicroseconds);
        for (var slice = 0; slice < _spec.Slices; slice++)
        {
            begun = Stopwatch.GetTimestamp();
            computer.ComputeContribution(step, slice, contribution, CancellationToken.None);
            slices.Add(Stopwatch.GetElapsedTime(begun).TotalMicroseconds);
        }
    }
}
