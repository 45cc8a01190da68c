using Mnist.Grains.Contracts;
using Orleans;

namespace Mnist.Grains.Grains;

/// <summary>What a run grain keeps in storage.</summary>
[GenerateSerializer, Alias("mnist.RunState")]
public sealed record RunState
{
    /// <summary>What is trained; null before the first start.</summary>
    [Id(0)] public RunRequest? Request { get; init; }

    /// <summary>State of the run.</summary>
    [Id(1)] public RunStatus Status { get; init; }

    /// <summary>Results of the completed epochs.</summary>
    [Id(2)] public EpochResult[] Epochs { get; init; } = [];

    /// <summary>Predictions of the last evaluation.</summary>
    [Id(3)] public EvaluationSnapshot? Evaluation { get; init; }

    /// <summary>The ledger at the last completed epoch.</summary>
    [Id(4)] public LedgerSummary? Ledger { get; init; }

    /// <summary>Seconds of training until the last completed epoch.</summary>
    [Id(5)] public double TrainSeconds { get; init; }

    /// <summary>Why the run failed; empty otherwise.</summary>
    [Id(6)] public string Error { get; init; } = "";

    /// <summary>What gradients were computed with until the run was last stored, in the order of their names.</summary>
    [Id(7)] public string[] Engines { get; init; } = [];

    /// <summary>The weights that the last evaluation of a completed run used; null before, and in states of older versions.</summary>
    [Id(8)] public ModelSnapshot? Model { get; init; }
}
