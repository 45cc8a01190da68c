using Mnist.Learning.Specification;
using Mnist.Learning.Training;

namespace Mnist.Grains.Tests.Grains;

/// <summary>The weights that a run has to end with, computed in a plain loop without grains.</summary>
internal static class ReferenceRun
{
    public static byte[] FinalState(RunSpec spec)
    {
        var plan = new SlicePlan(spec);
        var store = new ParameterStore(spec, StandInModel.Layout);
        store.Initialize();
        using var computer = new StandInModel().CreateComputer(spec);
        var tree = new ReductionTree(spec.Slices, StandInModel.Layout.ContributionLength);
        var contribution = new float[StandInModel.Layout.ContributionLength];
        for (var step = 0L; step < plan.TotalSteps; step++)
        {
            computer.LoadState(store.State);
            tree.Reset();
            for (var slice = 0; slice < spec.Slices; slice++)
            {
                computer.ComputeContribution(step, slice, contribution, CancellationToken.None);
                tree.Offer(slice, 1, contribution);
            }

            store.Apply(tree.Result, plan.SamplesInStep(step));
        }

        return System.Runtime.InteropServices.MemoryMarshal.AsBytes(store.EvaluationState).ToArray();
    }
}
