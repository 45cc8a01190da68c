using Mnist.Grains.Wire;
using Mnist.Learning.Data;
using Mnist.Learning.Models;
using Mnist.Learning.Specification;
using Mnist.Learning.Training;

namespace Mnist.Grains.Protocol;

/// <summary>What became of a frame.</summary>
/// <param name="IsAccepted">True when it counts towards the round.</param>
/// <param name="Reason">Why not, otherwise.</param>
public readonly record struct FrameDecision(bool IsAccepted, string Reason);

/// <summary>
/// One partition of the parameter server as a state machine: frames go in, rounds get complete, weights come out.
/// Deterministic: no clock, no randomness, no I/O. The grain around it adds calls, timers and storage.
/// </summary>
public sealed class PartitionServer
{
    private readonly string _runId;
    private readonly RunSpec _spec;
    private readonly SlicePlan _plan;
    private readonly ModelLayout _layout;
    private readonly ReductionTree _tree;
    private readonly int _evaluationSamples;
    private readonly float[] _probabilities;
    private readonly int[] _samples;
    private readonly List<float> _stepLosses = [];
    private readonly WeightLoans _loans = new();
    private byte[]? _weights;

    /// <summary>Creates a partition at round 0 with the initial weights.</summary>
    /// <param name="runId">The run, for the frames.</param>
    /// <param name="spec">A valid specification.</param>
    /// <param name="layout">Layout of its network.</param>
    /// <param name="partition">Index of the partition; the last one leads.</param>
    /// <param name="partitions">Number of partitions.</param>
    /// <param name="evaluationSamples">Validation and test samples.</param>
    /// <param name="speculation">When a slice counts as late.</param>
    public PartitionServer(
        string runId, RunSpec spec, ModelLayout layout, int partition, int partitions, int evaluationSamples,
        SpeculationOptions speculation)
    {
        (_runId, _spec, _layout, _evaluationSamples) = (runId, spec, layout, evaluationSamples);
        Range = PartitionRange.Of(layout.ContributionLength, partition, partitions);
        IsLead = partition == partitions - 1;
        _plan = new SlicePlan(spec);
        Rounds = new RoundPlan(_plan.StepsPerEpoch, spec.Epochs);
        Store = new ParameterStore(spec, layout, Range.Start, Range.Length);
        Store.Initialize();
        Ledger = new Ledger(spec.TrainingSamples);
        Coordinator = new RoundCoordinator(spec.Slices, speculation, IsLead);
        _tree = new ReductionTree(spec.Slices, Range.Length);
        _samples = new int[_plan.SliceCapacity];
        _probabilities = IsLead ? new float[evaluationSamples * ImageSet.Classes] : [];
        Round = Rounds[0];
    }

    /// <summary>True for the partition that holds the metrics, the ledger and the evaluation.</summary>
    public bool IsLead { get; }

    /// <summary>The part of the contribution vector that this partition holds.</summary>
    public PartitionRange Range { get; }

    /// <summary>The rounds of the run.</summary>
    public RoundPlan Rounds { get; }

    /// <summary>The round at hand; the last one of the run while <see cref="IsFinished"/>.</summary>
    public Round Round { get; private set; }

    /// <summary>True when every round of the run is over.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>Weights and optimizer state.</summary>
    public ParameterStore Store { get; }

    /// <summary>Who computes what in the round at hand.</summary>
    public RoundCoordinator Coordinator { get; }

    /// <summary>Which samples were applied; kept by the lead.</summary>
    public Ledger Ledger { get; }

    /// <summary>What was dropped.</summary>
    public ServerCounters Counters { get; } = new();

    /// <summary>Mean loss of each step of the epoch at hand, nats; kept by the lead.</summary>
    public IReadOnlyList<float> StepLosses => _stepLosses;

    /// <summary>Samples of the round at hand: training samples, or those that are evaluated.</summary>
    public int SamplesInRound => Round.IsEvaluation ? _evaluationSamples : _plan.SamplesInStep(Round.Step);

    /// <summary>(validation samples + test samples, 10) probabilities of the evaluation that was just completed.</summary>
    public ReadOnlySpan<float> Probabilities => _probabilities;

    /// <summary>
    /// The weights that the round at hand is computed with, as a frame; the same array for every caller, who reads it before the round is
    /// over, or borrows it.
    /// </summary>
    public byte[] Weights => _weights ??= CreateWeightsFrame();

    /// <summary>Gives <see cref="Weights"/> to a worker, which may read them until it calls in a later round.</summary>
    /// <param name="borrower">The worker's activation; empty when it is not known.</param>
    public byte[] LendWeights(string borrower)
    {
        _loans.Lend(borrower, Round.Number, Weights);
        return Weights;
    }

    /// <summary>Takes back what a worker has borrowed for earlier rounds than the one that it calls in.</summary>
    /// <param name="borrower">The worker's activation; empty when it is not known.</param>
    /// <param name="round">The round whose weights it holds, -1 for none.</param>
    public void TakeWeightsBack(string borrower, long round) => _loans.Return(borrower, round);

    /// <summary>Takes a frame towards the round at hand. Frames may come late, twice, damaged or not at all.</summary>
    /// <param name="bytes">The encoded frame.</param>
    public FrameDecision Receive(byte[] bytes)
    {
        if (!Frame.TryRead(bytes, out var frame, out var reason))
        {
            Counters.Refused++;
            return new FrameDecision(false, $"frame {reason}");
        }

        var header = frame!.Header;
        if (Mismatch(header) is { } mismatch)
        {
            Counters.Refused++;
            return new FrameDecision(false, mismatch);
        }

        var isForThisRound = header.Step == Round.Step && (header.Kind == FrameKind.Probabilities) == Round.IsEvaluation && !IsFinished;
        if (!isForThisRound)
        {
            Counters.Stale++;
            return new FrameDecision(false, $"is of step {header.Step} ({header.Kind}), the round at hand is of step {Round.Step}");
        }

        return Round.IsEvaluation ? TakeProbabilities(frame) : TakeContribution(frame);
    }

    /// <summary>Applies the round, which is one of training and complete, to the weights; once, before <see cref="Advance"/>.</summary>
    /// <exception cref="InvalidOperationException">Slices are missing.</exception>
    public void ApplyStep()
    {
        var sums = _tree.Result;
        var samples = SamplesInRound;
        Store.Apply(sums, samples);
        if (IsLead)
        {
            _stepLosses.Add(sums[_layout.LossIndex - Range.Start] / samples);
            for (var slice = 0; slice < _spec.Slices; slice++)
            {
                Ledger.Apply(_samples.AsSpan(0, _plan.GetSlice(Round.Step, slice, _samples)));
            }
        }
    }

    /// <summary>Goes on to the next round; the run is finished after the last one.</summary>
    public void Advance()
    {
        if (Round.IsEvaluation)
        {
            _stepLosses.Clear();
        }

        if (Round.Number + 1 == Rounds.TotalRounds)
        {
            IsFinished = true;
            return;
        }

        Round = Rounds[Round.Number + 1];
        if (Round.IsEvaluation && IsLead)
        {
            Ledger.CompleteEpoch();
        }

        _tree.Reset();
        _weights = null;
    }

    /// <summary>Goes to a round for which <see cref="Store"/> and <see cref="Ledger"/> were just restored.</summary>
    /// <param name="number">Number of the round.</param>
    /// <param name="stepLosses">Losses of the steps of the epoch so far.</param>
    public void GoTo(long number, ReadOnlySpan<float> stepLosses)
    {
        Round = Rounds[number];
        IsFinished = false;
        _stepLosses.Clear();
        _stepLosses.AddRange(stepLosses);
        _tree.Reset();
        _weights = null;
    }

    private FrameDecision TakeContribution(Frame frame)
    {
        var header = frame.Header;
        var result = _tree.Offer(header.FirstSlice, header.SliceCount, frame.Elements);
        if (result != OfferResult.Accepted)
        {
            Counters.Redundant++;
            return new FrameDecision(false, $"slices {header.FirstSlice} to {header.FirstSlice + header.SliceCount - 1}: {result}");
        }

        Coordinator.Receive(header.FirstSlice, header.SliceCount);
        return new FrameDecision(true, "");
    }

    private FrameDecision TakeProbabilities(Frame frame)
    {
        var header = frame.Header;
        if (Coordinator.HasReceived(header.FirstSlice))
        {
            Counters.Redundant++;
            return new FrameDecision(false, $"slice {header.FirstSlice} of the evaluation is there already");
        }

        frame.Elements.CopyTo(_probabilities.AsSpan(header.Offset, header.Count));
        Coordinator.Receive(header.FirstSlice, 1);
        return new FrameDecision(true, "");
    }

    /// <summary>Why a frame cannot be meant for this partition, or null.</summary>
    private string? Mismatch(in FrameHeader header)
    {
        if (header.Run != _runId)
        {
            return $"is of the run {header.Run}, expected {_runId}";
        }

        if (!_tree.IsNode(header.FirstSlice, header.SliceCount))
        {
            return $"holds {header.SliceCount} slices from {header.FirstSlice}, expected an aligned power of two of {_spec.Slices}";
        }

        switch (header.Kind)
        {
            case FrameKind.Contribution:
                return (header.Offset, header.Count) == (Range.Start, Range.Length)
                    ? null
                    : $"holds {header.Count} elements from {header.Offset}, expected {Range.Length} from {Range.Start}";
            case FrameKind.Probabilities when IsLead && header.SliceCount == 1:
                var (first, count) = EvaluationSlices.Of(_evaluationSamples, header.FirstSlice, _spec.Slices);
                return (header.Offset, header.Count) == (first * ImageSet.Classes, count * ImageSet.Classes)
                    ? null
                    : $"holds {header.Count} probabilities from {header.Offset}, expected those of {count} samples from {first}";
            default:
                return $"is of the kind {header.Kind}, which this partition does not take";
        }
    }

    private byte[] CreateWeightsFrame()
    {
        var elements = Round.IsEvaluation ? Store.EvaluationState : Store.State;
        var header = new FrameHeader(FrameKind.Weights, Frame.Fp32, _runId, Round.Step, 0, 0, Range.Start, elements.Length);
        return Frame.Create(header, elements, _loans.Returned()).Bytes;
    }
}
