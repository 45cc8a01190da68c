using System.Runtime.CompilerServices;
using Mnist.Grains.Grains;
using Mnist.Grains.Protocol;
using Mnist.Simulator.Faults;
using Mnist.Simulator.Models;

namespace Mnist.Simulator.Checks;

/// <summary>Looks at a parameter server after each of its turns.</summary>
internal sealed class ServerChecker(ReferenceTrajectory reference, RunShape run, ViolationLog violations)
{
    private readonly ConditionalWeakTable<PartitionServer, Seen> _seen = [];

    /// <summary>The furthest round of the lead partition so far.</summary>
    public long FurthestRound { get; private set; } = -1;

    /// <summary>Slices received of the furthest round.</summary>
    public int FurthestSlices { get; private set; }

    /// <summary>True between the first slice of a training step and the last: the work of others is at stake.</summary>
    public bool IsMidStep(ParameterServerGrain grain) =>
        grain is { Server: { IsFinished: false, Round.IsEvaluation: false } server, IsEnded: false } && Received(server) > 0;

    /// <summary>Checks a server.</summary>
    /// <param name="grain">The production grain.</param>
    /// <param name="where">Which one it is, for people.</param>
    public void Check(ParameterServerGrain grain, string where)
    {
        // A worker may have two activations, and each of them calls that nobody waits for any more: their answers are lost, or a
        // pause has ended the loop that made them. They are answered after two seconds.
        if (grain.WaitingCalls > 8 * run.Workers)
        {
            violations.Add(
                Invariants.Queues, $"{where}: {grain.WaitingCalls} calls of {run.Workers} workers wait, expected at most eight of each");
        }

        if (grain.Server is not { } server)
        {
            return;
        }

        if (server.IsLead && !server.IsFinished && server.Round.Number >= FurthestRound)
        {
            (FurthestRound, FurthestSlices) = (server.Round.Number, Received(server));
        }

        var seen = _seen.GetOrCreateValue(server);
        if (seen.Round != server.Round.Number || seen.Step != server.Store.Step)
        {
            CheckRound(grain, server, seen, where);
            CheckWeights(server, where);
            CheckLedger(server, where);
            (seen.Round, seen.Step) = (server.Round.Number, server.Store.Step);
        }
    }

    private int Received(PartitionServer server) =>
        Enumerable.Range(0, run.Slices).Count(server.Coordinator.HasReceived);

    private void CheckRound(ParameterServerGrain grain, PartitionServer server, Seen seen, string where)
    {
        var (before, now) = (seen.Round, server.Round.Number);

        // A partition that learns that an evaluation is over may get all slices of the next round in the same turn.
        var isNext = now == before + 1 || (before >= 0 && now == before + 2 && server.Rounds[before].IsEvaluation);
        if (before >= 0 && now != before && !isNext && now != 0 && !grain.StoredRounds.Contains(now))
        {
            violations.Add(
                Invariants.Monotone,
                $"{where}: went from round {before} to {now}, expected {before + 1} or a stored checkpoint "
                + $"({string.Join(", ", grain.StoredRounds)})");
        }
    }

    private void CheckWeights(PartitionServer server, string where)
    {
        var expected = reference.State(server.Store.Step).Slice(server.Store.Start, server.Store.State.Length);
        if (!Bits.Equal(server.Store.State, expected))
        {
            violations.Add(
                Invariants.Weights,
                $"{where}: after {server.Store.Step} steps, {Bits.Difference(server.Store.State, expected)}");
        }
    }

    private void CheckLedger(PartitionServer server, string where)
    {
        var ledger = server.Ledger;
        var expected = server.IsLead ? reference.Samples(server.Store.Step) : 0;
        if (ledger.Samples != expected || ledger.Duplicates != 0 || ledger.Missing != 0)
        {
            violations.Add(
                Invariants.Ledger,
                $"{where}: after {server.Store.Step} steps {ledger.Samples} samples, {ledger.Duplicates} of them twice "
                + $"and {ledger.Missing} missing, expected {expected}, 0 and 0");
        }
    }

    private sealed class Seen
    {
        public long Round { get; set; } = -1;

        public long Step { get; set; } = -1;
    }
}
