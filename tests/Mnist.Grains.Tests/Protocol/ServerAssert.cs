using System.Runtime.InteropServices;
using Mnist.Grains.Protocol;
using Mnist.Learning.Training;

namespace Mnist.Grains.Tests.Protocol;

internal static class ServerAssert
{
    public static void SameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual) =>
        Assert.Equal(MemoryMarshal.AsBytes(expected).ToArray(), MemoryMarshal.AsBytes(actual).ToArray());

    /// <summary>The partitions end with the bits, the totals and the ledger of the run in order.</summary>
    public static void EndsAs(ParameterStore expected, TestRun run, PartitionServer[] servers)
    {
        SameBits(expected.State, servers.SelectMany(server => server.Store.State.ToArray()).ToArray());
        SameBits(expected.EvaluationState, servers.SelectMany(server => server.Store.EvaluationState.ToArray()).ToArray());
        var lead = servers[^1];
        Assert.Equal(expected.Epochs, lead.Store.Epochs);
        Assert.Equal(
            ((long)run.Spec.Epochs * run.Spec.TrainingSamples, 0L, 0L), (lead.Ledger.Samples, lead.Ledger.Duplicates, lead.Ledger.Missing));
        Assert.All(servers, server => Assert.True(server.IsFinished));
    }
}
