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
    private readonly List<double> _gaps = [];

    // When the computing of the last step ended, and that of this one began; 0 where there is none.
    private long _ended;
    private long _begun;

    /// <summary>Microseconds from the end of a step's computing to the beginning of the next, in their order.</summary>
    public double[] Gaps
    {
        get
        {
            lock (_lock)
            {
                return [.. _gaps];
            }
        }
    }

    /// <summary>A step's computing, or an evaluation's, begins.</summary>
    public void Begin(long now) => _begun = now;

    /// <summary>A slice is computed; the last one ends the computing of the step.</summary>
    public void End(long now)
    {
        if (_ended != 0 && _begun != 0)
        {
            lock (_lock)
            {
                _gaps.Add(Stopwatch.GetElapsedTime(_ended, _begun).TotalMicroseconds);
            }
        }

        (_ended, _begun) = (now, 0);
    }

    /// <summary>Something else was computed.</summary>
    public void Interrupt() => (_ended, _begun) = (0, 0);
}
