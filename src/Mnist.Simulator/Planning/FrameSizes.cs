using Mnist.Grains.Contracts;
using Mnist.Grains.Protocol;
using Mnist.Grains.Wire;
using Mnist.Simulator.Models;
using Orleans.Simulation;

namespace Mnist.Simulator.Planning;

/// <summary>
/// What the frames of the network would weigh. In memory they hold a few numbers, and the offset of the first tells which part of the
/// vector they stand for.
/// </summary>
internal sealed class FrameSizes
{
    private readonly Dictionary<int, Part> _parts = [];

    /// <summary>Finds the sizes, by making such frames.</summary>
    /// <param name="input">The network, and the number of partitions.</param>
    public FrameSizes(PlanInput input)
    {
        var layout = input.Layout;
        for (var partition = 0; partition < input.Partitions; partition++)
        {
            var range = PartitionRange.Of(layout.ContributionLength, partition, input.Partitions);
            var state = Math.Clamp(layout.StateLength - range.Start, 0, range.Length);
            var standIn = PartitionRange.Of(PlanningModel.ContributionLength(input.Partitions), partition, input.Partitions);
            _parts[standIn.Start] = new Part(
                range.Length,
                Bytes(FrameKind.Contribution, input.Spec.Slices, range),
                Bytes(FrameKind.Weights, 0, new PartitionRange(range.Start, state)));
        }
    }

    /// <summary>Elements of the vector that a frame stands for.</summary>
    public int Elements(in FrameHeader header) => _parts[header.Offset].Elements;

    /// <summary>Bytes of a message between silos.</summary>
    public long Of(SimulatedPayload payload) => MessageSizes.Overhead + payload.Arguments.Sum(Of) + Of(payload.Result);

    private long Of(object? value) => value switch
    {
        ExchangeRequest request => request.Frames.Sum(Of),
        ExchangeReply { Weights: { } weights } => Of(weights),
        _ => 0,
    };

    private long Of(FrameBytes frame)
    {
        var header = PlanningModel.Header(frame.Bytes);
        var part = _parts[header.Offset];
        return header.Kind == FrameKind.Weights ? part.WeightBytes : part.ContributionBytes;
    }

    private static long Bytes(FrameKind kind, int slices, PartitionRange range)
    {
        // A run id and a step of some length.
        var header = new FrameHeader(kind, Frame.Fp32, new string('r', 16), 10_000, 0, slices, range.Start, range.Length);
        return Frame.Create(header).Bytes.Length;
    }

    private sealed record Part(int Elements, long ContributionBytes, long WeightBytes);
}
