using System.Buffers;
using Mnist.Learning.Models;
using Mnist.Learning.Specification;

namespace Mnist.Learning.Training;

/// <summary>
/// What one partition of the parameter server holds: a range of the contribution vector (parameters, running statistics,
/// metrics; see <see cref="ModelLayout"/>) with the values, the optimizer's moments and the averaged values that belong
/// to it. Every operation is elementwise or a function of the step alone, so a vector split over several stores has the
/// same bits as one store. Used by one thread at a time; <see cref="Apply"/> allocates nothing but, once an epoch, a
/// place for its totals.
/// </summary>
public sealed class ParameterStore
{
    /// <summary>Share of a step's statistics in the running statistics of batch normalization, as in PyTorch.</summary>
    public const float RunningStatisticsMomentum = 0.1f;

    private readonly RunSpec _spec;
    private readonly ModelLayout _layout;
    private readonly SlicePlan _plan;
    private readonly LearningRateSchedule _schedule;
    private readonly ParameterStoreFormat _format;

    /// <summary>Number of parameters in the range; statistics follow them.</summary>
    private readonly int _parameters;

    private readonly float[] _state;
    private readonly float[] _firstMoment;
    private readonly float[] _secondMoment;
    private readonly float[] _average;
    private readonly List<EpochTotals> _epochs = [];

    /// <summary>Creates a store of zeros; call <see cref="Initialize"/> or <see cref="Load"/> next.</summary>
    /// <param name="spec">A valid specification.</param>
    /// <param name="layout">Layout of the network that the specification names.</param>
    /// <param name="start">First element of the contribution vector that the store holds.</param>
    /// <param name="length">Number of elements, at least 1.</param>
    public ParameterStore(RunSpec spec, ModelLayout layout, int start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, layout.ContributionLength - start);
        _spec = spec;
        _layout = layout;
        Start = start;
        Length = length;
        _plan = new SlicePlan(spec);
        _schedule = new LearningRateSchedule(spec.Schedule, _plan.TotalSteps);
        _parameters = Math.Clamp(layout.ParameterCount - start, 0, length);
        _state = new float[Math.Clamp(layout.StateLength - start, 0, length)];
        _firstMoment = new float[_parameters];
        _secondMoment = spec.Optimizer.Kind == OptimizerKinds.Adam ? new float[_parameters] : [];
        _average = spec.EmaDecay > 0 ? new float[_state.Length] : [];
        _format = new ParameterStoreFormat(spec, start, length, [_state, _firstMoment, _secondMoment, _average]);
    }

    /// <summary>Creates a store of the whole vector.</summary>
    /// <param name="spec">A valid specification.</param>
    /// <param name="layout">Layout of the network that the specification names.</param>
    public ParameterStore(RunSpec spec, ModelLayout layout)
        : this(spec, layout, 0, layout.ContributionLength)
    {
    }

    /// <summary>First element of the contribution vector that the store holds.</summary>
    public int Start { get; }

    /// <summary>Number of elements of the contribution vector that the store holds.</summary>
    public int Length { get; }

    /// <summary>Steps applied so far: the version of the weights, and the step whose gradient is wanted next.</summary>
    public long Step { get; private set; }

    /// <summary>True when all steps of the run are applied.</summary>
    public bool IsFinished => Step == _plan.TotalSteps;

    /// <summary>The part of the state vector (parameters, running statistics) in the range: what workers train with.</summary>
    public ReadOnlySpan<float> State => _state;

    /// <summary>The same part of what is evaluated and saved: the averaged state, or the state where the run averages none.</summary>
    public ReadOnlySpan<float> EvaluationState => _average.Length > 0 ? _average : _state;

    /// <summary>Totals of every epoch so far; the last one is of the epoch under way.</summary>
    public IReadOnlyList<EpochTotals> Epochs => _epochs;

    /// <summary>Sets the initial weights, a pure function of the seed, and step 0.</summary>
    public void Initialize()
    {
        WeightInitialization.Fill(_spec.Seed, _layout, Start, _state);
        Array.Clear(_firstMoment);
        Array.Clear(_secondMoment);
        _state.AsSpan(0, _average.Length).CopyTo(_average);
        _epochs.Clear();
        Step = 0;
    }

    /// <summary>Applies a step: the optimizer once, running statistics, averages and totals.</summary>
    /// <param name="reducedContribution">Sums over all slices of the step, <see cref="Length"/> floats.</param>
    /// <param name="samples">Samples in these sums, at least 1.</param>
    /// <exception cref="InvalidOperationException">All steps of the run are applied.</exception>
    public void Apply(ReadOnlySpan<float> reducedContribution, int samples)
    {
        SpanLength.CheckEqual(Length, reducedContribution.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        if (IsFinished)
        {
            throw new InvalidOperationException($"all {Step} steps of the run are applied");
        }

        var scale = 1f / samples;
        Optimize(reducedContribution[.._parameters], scale);
        MovingAverage.Update(
            _state.AsSpan(_parameters), reducedContribution[_parameters.._state.Length], scale, RunningStatisticsMomentum);
        if (_average.Length > 0)
        {
            // The decay grows with the steps, so that the average is not held back by the random initial weights.
            var decay = Math.Min(_spec.EmaDecay, (1.0 + Step) / (10.0 + Step));
            MovingAverage.Update(_average, _state, 1, (float)(1 - decay));
        }

        Count(reducedContribution, samples);
        Step++;
    }

    /// <summary>Writes a checkpoint of the store: a self-contained binary section, closed by a CRC-32C.</summary>
    /// <param name="writer">Receives the section.</param>
    public void Save(IBufferWriter<byte> writer) => _format.Write(writer, Step, _epochs);

    /// <summary>Takes over what <see cref="Save"/> wrote. A section that is refused changes nothing.</summary>
    /// <param name="section">The bytes of the section.</param>
    /// <param name="source">Where they come from, for messages: a file's name.</param>
    /// <exception cref="InvalidInputException">Damaged, cut off, or of another specification, range or version.</exception>
    public void Load(ReadOnlySpan<byte> section, string source) => Step = _format.Read(section, source, _plan, _epochs);

    private void Optimize(ReadOnlySpan<float> gradientSums, float scale)
    {
        var learningRate = _schedule.Rate(Step);
        var parameters = _state.AsSpan(0, _parameters);
        if (_spec.Optimizer.Kind == OptimizerKinds.Adam)
        {
            new Adam(_spec.Optimizer, learningRate, Step, scale).Update(parameters, gradientSums, _firstMoment, _secondMoment);
        }
        else
        {
            new Sgd(_spec.Optimizer, learningRate, scale).Update(parameters, gradientSums, _firstMoment);
        }
    }

    private void Count(ReadOnlySpan<float> reducedContribution, int samples)
    {
        var epoch = _plan.EpochOf(Step);
        if (_epochs.Count == 0 || _epochs[^1].Epoch != epoch)
        {
            _epochs.Add(new EpochTotals(epoch, 0, 0, 0));
        }

        var totals = _epochs[^1];
        _epochs[^1] = totals with
        {
            Samples = totals.Samples + samples,
            LossSum = totals.LossSum + Metric(reducedContribution, _layout.LossIndex),
            Correct = totals.Correct + (long)Metric(reducedContribution, _layout.CorrectIndex),
        };
    }

    /// <summary>A metric of a contribution, or 0 where this store does not hold it.</summary>
    private float Metric(ReadOnlySpan<float> contribution, int index) =>
        index >= Start && index < Start + Length ? contribution[index - Start] : 0;
}
