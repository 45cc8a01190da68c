using Mnist.Grains.Contracts;
using Orleans;

namespace Mnist.Grains.Grains;

/// <summary>What a run grain keeps in storage.</summary>
[GenerateSerializer, Alias("mnist.RunState")]
public sealed class RunState
{
    /// <summary>What is trained; null before the first start.</summary>
    [Id(0)] public RunRequest? Request { get; set; }

    /// <summary>State of the run.</summary>
    [Id(1)] public RunStatus Status { get; set; }

    /// <summary>Results of the completed epochs.</summary>
    [Id(2)] public List<EpochResult> Epochs { get; set; } = [];

    /// <summary>Predictions of the last evaluation.</summary>
    [Id(3)] public EvaluationSnapshot? Evaluation { get; set; }

    /// <summary>The ledger at the last completed epoch.</summary>
    [Id(4)] public LedgerSummary? Ledger { get; set; }

    /// <summary>Seconds of training until the last completed epoch.</summary>
    [Id(5)] public double TrainSeconds { get; set; }

    /// <summary>Why the run failed; empty otherwise.</summary>
    [Id(6)] public string Error { get; set; } = "";
}
