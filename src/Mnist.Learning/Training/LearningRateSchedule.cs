using Mnist.Learning.Specification;

namespace Mnist.Learning.Training;

/// <summary>
/// Learning rate of every step: linear warm-up from 0 to the peak, then a fall to 0 in the shape asked for. Step t stands
/// at t + ½ of the run, so that no step has a rate of 0 and the curve does not depend on how the warm-up's end rounds.
/// Computed with <see cref="PortableMath"/>: the same bits on every CPU.
/// </summary>
public sealed class LearningRateSchedule
{
    private readonly ScheduleSpec _spec;
    private readonly long _totalSteps;
    private readonly double _warmupSteps;

    /// <summary>Lays the schedule over a run.</summary>
    /// <param name="spec">Shape, peak and warm-up.</param>
    /// <param name="totalSteps">Steps of the run, at least 1.</param>
    public LearningRateSchedule(ScheduleSpec spec, long totalSteps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(totalSteps, 1);
        _spec = spec;
        _totalSteps = totalSteps;
        _warmupSteps = spec.WarmupFraction * (double)totalSteps;
    }

    /// <summary>Learning rate of a step.</summary>
    /// <param name="step">0 to the number of steps − 1.</param>
    public float Rate(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(step, _totalSteps);
        var position = step + 0.5;
        return (float)(_spec.Peak * (position < _warmupSteps ? position / _warmupSteps : Fall(position)));
    }

    private double Fall(double position)
    {
        var part = (position - _warmupSteps) / (_totalSteps - _warmupSteps);
        return _spec.Shape switch
        {
            ScheduleShapes.Linear => 1 - part,
            ScheduleShapes.Cosine => (1 + PortableMath.Cos(Math.PI * part)) / 2,
            ScheduleShapes.Constant => 1,
            _ => throw new InvalidOperationException($"no schedule of shape {_spec.Shape}"),
        };
    }
}
