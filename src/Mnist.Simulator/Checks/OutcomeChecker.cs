using Mnist.Grains.Contracts;
using Mnist.Simulator.Models;

namespace Mnist.Simulator.Checks;

/// <summary>Looks at what a run came to.</summary>
internal sealed class OutcomeChecker(ReferenceTrajectory reference, ViolationLog violations)
{
    /// <summary>Compares the results of a run with those of the fault-free one.</summary>
    public void Check(RunProgress progress, ModelSnapshot? model)
    {
        if (progress.Status != RunStatus.Completed)
        {
            violations.Add(Invariants.Results, $"the run is {progress.Status}, expected Completed: {progress.Error}");
            return;
        }

        if (model is null || model.Step != reference.TotalSteps || !reference.FinalBytes.SequenceEqual(model.State))
        {
            violations.Add(
                Invariants.Weights,
                $"the final weights, after {model?.Step} of {reference.TotalSteps} steps, differ from those of the fault-free run");
        }

        var samples = reference.Samples(reference.TotalSteps);
        if (progress.Ledger is not { Duplicates: 0, Missing: 0 } ledger || ledger.Samples != samples)
        {
            violations.Add(
                Invariants.Ledger,
                $"the run ends with {progress.Ledger.Samples} samples, {progress.Ledger.Duplicates} twice "
                + $"and {progress.Ledger.Missing} missing, expected {samples}, 0 and 0");
        }

        CheckEpochs(progress.Epochs);
    }

    private void CheckEpochs(EpochResult[] epochs)
    {
        var expected = reference.TestAccuracies;
        for (var i = 0; i < expected.Count; i++)
        {
            var losses = reference.StepLosses.Skip(i * reference.StepsPerEpoch).Take(reference.StepsPerEpoch);
            if (epochs.Length != expected.Count || epochs[i].TestAccuracy != expected[i] || !epochs[i].StepLosses.SequenceEqual(losses))
            {
                violations.Add(
                    Invariants.Results,
                    $"epoch {i + 1} of {epochs.Length} has other losses or another accuracy than in the fault-free run ({expected[i]:P1})");
                return;
            }
        }
    }
}
