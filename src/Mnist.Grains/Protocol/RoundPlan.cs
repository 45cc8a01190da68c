namespace Mnist.Grains.Protocol;

/// <summary>What happens in a round: either one step of training or the evaluation that ends an epoch.</summary>
/// <param name="Number">Number of the round, from 0.</param>
/// <param name="Epoch">Epoch, from 0.</param>
/// <param name="Step">Steps applied to the weights before the round: the version of the weights that it uses.</param>
/// <param name="IsEvaluation">True for the round that evaluates the epoch.</param>
public readonly record struct Round(long Number, int Epoch, long Step, bool IsEvaluation);

/// <summary>
/// The rounds of a run. A round is the unit of the protocol: all its slices are computed from the same weights, in any
/// order by anyone, and the next round begins when all are there. Every epoch is its steps, one round each, then one
/// round of evaluation, whose slices are parts of the validation and test samples.
/// </summary>
public sealed class RoundPlan
{
    private readonly long _stepsPerEpoch;

    /// <summary>Creates the plan.</summary>
    /// <param name="stepsPerEpoch">Steps of an epoch, at least 1.</param>
    /// <param name="epochs">Epochs, at least 1.</param>
    public RoundPlan(int stepsPerEpoch, int epochs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stepsPerEpoch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        _stepsPerEpoch = stepsPerEpoch;
        TotalRounds = (_stepsPerEpoch + 1) * epochs;
        TotalSteps = _stepsPerEpoch * epochs;
    }

    /// <summary>Rounds of the whole run.</summary>
    public long TotalRounds { get; }

    /// <summary>Steps of the whole run.</summary>
    public long TotalSteps { get; }

    /// <summary>What happens in a round.</summary>
    /// <param name="number">0 to <see cref="TotalRounds"/> - 1.</param>
    public Round this[long number]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(number);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, TotalRounds);
            var epoch = number / (_stepsPerEpoch + 1);
            var within = number % (_stepsPerEpoch + 1);
            return new Round(number, (int)epoch, (epoch * _stepsPerEpoch) + within, within == _stepsPerEpoch);
        }
    }
}
