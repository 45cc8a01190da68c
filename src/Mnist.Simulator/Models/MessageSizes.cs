using Mnist.Grains.Contracts;
using Orleans.Simulation;

namespace Mnist.Simulator.Models;

/// <summary>What messages of the training grains weigh on the wire.</summary>
internal static class MessageSizes
{
    /// <summary>Headers and small fields of a message, bytes: roughly what Orleans' serializer makes of them.</summary>
    public const int Overhead = 200;

    /// <summary>Bytes of a message: its frames, and something for all the rest.</summary>
    public static long Of(SimulatedPayload payload) => Overhead + payload.Arguments.Sum(Of) + Of(payload.Result);

    private static long Of(object? value) => value switch
    {
        ExchangeRequest request => request.Frames.Sum(frame => (long)frame.Length),
        ExchangeReply reply => reply.Weights?.Length ?? 0,
        EpochReport report => report.Probabilities.Length,
        ModelSnapshot model => model.State.Length,
        PartitionState state => state.Elements.Length,
        _ => 0,
    };
}
