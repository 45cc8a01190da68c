using System.Diagnostics;
using Mnist.Grains.Compute;
using Mnist.Learning.Models;
using Mnist.Learning.Specification;

namespace Mnist.Simulator.Planning;

/// <summary>Production's model, which also notes when workers compute.</summary>
internal sealed class RecordingModel(ITrainingModel model) : ITrainingModel
{
    private readonly List<WorkerRecord> _records = [];

    /// <summary>What the workers did that have begun since this was called before.</summary>
    public WorkerRecord[] Take()
    {
        lock (_records)
        {
            WorkerRecord[] records = [.. _records];
            _records.Clear();
            return records;
        }
    }

    public string Engine => model.Engine;

    public ModelLayout GetLayout(RunSpec spec) => model.GetLayout(spec);

    public EvaluationSamples GetEvaluationSamples(RunSpec spec) => model.GetEvaluationSamples(spec);

    public ISliceComputer CreateComputer(RunSpec spec)
    {
        var record = new WorkerRecord();
        lock (_records)
        {
            _records.Add(record);
        }

        return new Computer(record, model.CreateComputer(spec));
    }

    private sealed class Computer(WorkerRecord record, ISliceComputer computer) : ISliceComputer
    {
        public void LoadState(ReadOnlySpan<float> state)
        {
            record.Begin(Stopwatch.GetTimestamp());
            computer.LoadState(state);
        }

        public void ComputeContribution(long step, int slice, Span<float> contribution, CancellationToken cancellationToken)
        {
            computer.ComputeContribution(step, slice, contribution, cancellationToken);
            record.End(Stopwatch.GetTimestamp());
        }

        public void Evaluate(int first, int count, Span<float> probabilities, CancellationToken cancellationToken)
        {
            computer.Evaluate(first, count, probabilities, cancellationToken);
            record.Interrupt();
        }

        public void Dispose() => computer.Dispose();
    }
}

/// <summary>When a worker computed. Evaluations, and the steps before and after them, are left out.</summary>
internal sealed class WorkerRecord
{
    private readonly Lock _lock = new();
    private readonly List<double> _steps = [];
    private readonly List<double> _gaps = [];

    // When the computing of the last step began and ended, and that of this one began; 0 where there is none.
    private (long Begun, long Ended) _last;
    private long _begun;

    /// <summary>Microseconds from the beginning of a step's computing to that of the next, in their order.</summary>
    public double[] Steps => Copy(_steps);

    /// <summary>Microseconds from the end of a step's computing to the beginning of the next.</summary>
    public double[] Gaps => Copy(_gaps);

    /// <summary>A step's computing, or an evaluation's, begins.</summary>
    public void Begin(long now)
    {
        _last = (_begun, _last.Ended);
        _begun = now;
    }

    /// <summary>A slice is computed; the last one ends the computing of the step.</summary>
    public void End(long now)
    {
        lock (_lock)
        {
            if (_last is { Begun: not 0, Ended: not 0 })
            {
                _steps.Add(Stopwatch.GetElapsedTime(_last.Begun, _begun).TotalMicroseconds);
                _gaps.Add(Stopwatch.GetElapsedTime(_last.Ended, _begun).TotalMicroseconds);
            }
        }

        _last = (0, now);
    }

    /// <summary>Something else was computed.</summary>
    public void Interrupt() => (_last, _begun) = (default, 0);

    private double[] Copy(List<double> list)
    {
        lock (_lock)
        {
            return [.. list];
        }
    }
}
