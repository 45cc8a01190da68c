using Mnist.Grains.Compute;
using Mnist.Grains.Contracts;
using Mnist.Grains.Protocol;
using Mnist.Grains.Wire;
using Mnist.Learning.Data;
using Mnist.Learning.Models;
using Mnist.Learning.Specification;
using Mnist.Learning.Training;

namespace Mnist.Grains.Grains;

/// <summary>
/// What a worker has computed in the round at hand, and the frames that it makes of it. Slices are kept until the next
/// round, so that a partition that missed some can have them again without computing.
/// </summary>
internal sealed class RoundWork : IDisposable
{
    /// <summary>Slices of a worker are adjacent as a rule, and make one or two frames; those of others make more.</summary>
    private const int SpareFramesOfPartition = 5;

    private readonly string _runId;
    private readonly RunSpec _spec;
    private readonly ModelLayout _layout;
    private readonly int _evaluationSamples;
    private readonly ISliceComputer _computer;
    private readonly float[]?[] _buffers;
    private readonly bool[] _isComputed;
    private readonly float[][] _scratch;
    private readonly SpareFrames _spare;
    private bool _isLoaded;

    /// <summary>The weights, where one partition holds all of them, and the message's frame that they are in.</summary>
    private Frame? _weights;
    private FrameBytes? _weightsBytes;

    /// <summary>The weights, where several partitions hold them.</summary>
    private float[]? _state;

    public RoundWork(string runId, RunSpec spec, ITrainingModel model, int partitions)
    {
        (_runId, _spec) = (runId, spec);
        _layout = model.GetLayout(spec);
        _evaluationSamples = model.GetEvaluationSamples(spec).Count;
        _computer = model.CreateComputer(spec);
        _buffers = new float[spec.Slices][];
        _isComputed = new bool[spec.Slices];
        _scratch = new float[int.Log2(spec.Slices) + 1][];
        _spare = new SpareFrames(SpareFramesOfPartition * partitions);
    }

    /// <summary>The round at hand.</summary>
    public Round Round { get; private set; }

    /// <summary>Computing time of a slice in the last <see cref="ComputeAsync"/>, microseconds; 0 when everything was there.</summary>
    public double MicrosecondsPerSlice { get; private set; }

    /// <summary>Begins a round: nothing is computed.</summary>
    public void Begin(Round round)
    {
        Round = round;
        Array.Clear(_isComputed);
        _isLoaded = false;
    }

    /// <summary>Takes over the part of the round's weights that a partition holds.</summary>
    public void TakeWeights(FrameBytes bytes)
    {
        // Nothing is computed between two rounds: nobody reads the weights of the last one any more.
        _weightsBytes?.Release();
        (_weights, _weightsBytes) = (null, null);
        if (!Frame.TryRead(bytes.Bytes, out var frame, out var reason))
        {
            throw new InvalidDataException($"weight frame {reason}");
        }

        if (frame!.Header is var header && (header.Kind != FrameKind.Weights || header.Step != Round.Step))
        {
            throw new InvalidDataException($"weight frame is of step {header.Step} ({header.Kind}), expected weights of step {Round.Step}");
        }

        if (header.Count == _layout.StateLength)
        {
            (_weights, _weightsBytes) = (frame, bytes);
            return;
        }

        _state ??= new float[_layout.StateLength];
        frame.Elements.CopyTo(_state.AsSpan(header.Offset, header.Count));
        bytes.Release();
    }

    /// <summary>Computes the slices that are not there yet, unless it is cancelled.</summary>
    public async Task ComputeAsync(IComputeLane lane, IReadOnlyList<int> slices, CancellationToken cancellationToken)
    {
        var wanted = slices.Where(slice => !_isComputed[slice]).ToArray();
        MicrosecondsPerSlice = 0;
        if (wanted.Length > 0)
        {
            var elapsed = await lane.RunAsync(wanted.Length, piece => ComputeSlice(wanted[piece], cancellationToken), cancellationToken);
            MicrosecondsPerSlice = elapsed.TotalMicroseconds / wanted.Length;
        }
    }

    /// <summary>The frames of slices for one partition, combined into as few as possible; of those that were computed.</summary>
    public byte[][] CreateFrames(IReadOnlyList<int> slices, PartitionRange range)
    {
        // Work that was dropped half-way has left what the round before computed in the buffers.
        slices = [.. slices.Where(slice => _isComputed[slice])];
        if (Round.IsEvaluation)
        {
            return [.. slices.Select(CreateProbabilityFrame)];
        }

        return [.. SubtreeSplit.Of([.. slices]).Select(node =>
        {
            var header = new FrameHeader(
                FrameKind.Contribution, Frame.Fp32, _runId, Round.Step, node.First, node.Count, range.Start, range.Length);
            var frame = Frame.Create(header, _spare);
            Combine(node, range, frame.Elements);
            frame.Seal();
            return frame.Bytes;
        })];
    }

    /// <summary>Takes frames back that nobody reads any more, neither their receiver nor a call that is under way.</summary>
    public void Recycle(byte[][] frames)
    {
        if (!Round.IsEvaluation)
        {
            Array.ForEach(frames, _spare.GiveBack);
        }
    }

    public void Dispose() => _computer.Dispose();

    /// <summary>Computes a slice, on the thread of the lane.</summary>
    private void ComputeSlice(int slice, CancellationToken cancellationToken)
    {
        if (!_isLoaded)
        {
            _computer.LoadState(_weights is null ? _state : _weights.Elements);
            _isLoaded = true;
        }

        if (Round.IsEvaluation)
        {
            var (first, count) = EvaluationSlices.Of(_evaluationSamples, slice, _spec.Slices);
            _computer.Evaluate(first, count, Buffer(slice, count * ImageSet.Classes), cancellationToken);
        }
        else
        {
            _computer.ComputeContribution(Round.Step, slice, Buffer(slice, _layout.ContributionLength), cancellationToken);
        }

        _isComputed[slice] = true;
    }

    private byte[] CreateProbabilityFrame(int slice)
    {
        var (first, count) = EvaluationSlices.Of(_evaluationSamples, slice, _spec.Slices);
        var header = new FrameHeader(
            FrameKind.Probabilities, Frame.Fp32, _runId, Round.Step, slice, 1, first * ImageSet.Classes, count * ImageSet.Classes);
        return Frame.Create(header, Buffer(slice, header.Count)).Bytes;
    }

    /// <summary>Adds up a node in the order of the reduction tree: first its halves, then these.</summary>
    private void Combine(Subtree node, PartitionRange range, Span<float> sums)
    {
        ReadOnlySpan<float> Slice(int index) => _buffers[node.First + index].AsSpan(range.Start, range.Length);
        switch (node.Count)
        {
            case 1:
                Slice(0).CopyTo(sums);
                return;
            case 2:
                SliceReduction.Add(Slice(0), Slice(1), sums);
                return;
            case 4:
                SliceReduction.Add(Slice(0), Slice(1), Slice(2), Slice(3), sums);
                return;
        }

        var half = node.Count / 2;
        Combine(new Subtree(node.First, half), range, sums);
        var scratch = Scratch(int.Log2(half)).AsSpan(0, range.Length);
        Combine(new Subtree(node.First + half, half), range, scratch);
        SliceReduction.Add(sums, scratch);
    }

    private Span<float> Buffer(int slice, int length)
    {
        ref var buffer = ref _buffers[slice];
        if (buffer is null || buffer.Length < length)
        {
            buffer = new float[length];
        }

        return buffer.AsSpan(0, length);
    }

    private float[] Scratch(int level) => _scratch[level] ??= new float[_layout.ContributionLength];
}
