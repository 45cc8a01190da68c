using Mnist.Learning;
using Mnist.Simulator.Faults;

namespace Mnist.Simulator.Shrinking;

/// <summary>How long to look for a smaller plan.</summary>
public sealed record ShrinkOptions
{
    /// <summary>The most trials.</summary>
    public int MaxTrials { get; init; } = 2000;

    /// <summary>
    /// How many other seeds are tried for a plan with fewer faults that does not fail with its own: without a fault all else falls out
    /// differently, and what is left of a disaster may need other luck.
    /// </summary>
    public int OtherSeeds { get; init; } = 4;
}

/// <summary>How far the search has come.</summary>
/// <param name="Trials">Trials so far.</param>
/// <param name="Smallest">The smallest plan so far that fails.</param>
public sealed record ShrinkProgress(int Trials, FaultPlan Smallest);

/// <summary>
/// Looks for a small plan that still fails: first leaves out faults (<see cref="DeltaDebugging"/>), then makes the cluster, the run and
/// each fault simpler (<see cref="Simplifications"/>), and over again, until nothing helps any more. Asks about no plan twice; takes the
/// same way each time.
/// </summary>
public sealed class PlanShrinker
{
    private readonly Func<FaultPlan, bool> _fails;
    private readonly ShrinkOptions _options;
    private readonly Action<ShrinkProgress>? _progress;
    private readonly CancellationToken _cancellationToken;
    private readonly HashSet<string> _tried = [];
    private FaultPlan _smallest;
    private int _trials;

    private PlanShrinker(
        FaultPlan plan,
        Func<FaultPlan, bool> fails,
        ShrinkOptions options,
        Action<ShrinkProgress>? progress,
        CancellationToken cancellationToken)
    {
        (_smallest, _fails, _options, _progress, _cancellationToken) = (plan, fails, options, progress, cancellationToken);
        _tried.Add(FaultPlanJson.Serialize(plan));
    }

    private bool IsOver => _trials >= _options.MaxTrials || _cancellationToken.IsCancellationRequested;

    /// <summary>Shrinks a plan.</summary>
    /// <param name="plan">A valid plan that fails.</param>
    /// <param name="fails">Whether a valid plan fails; the same answer for the same plan.</param>
    /// <param name="options">How long to look.</param>
    /// <param name="progress">Told after each trial; null for nobody.</param>
    /// <param name="cancellationToken">Ends the search early: the smallest plan so far is the result.</param>
    /// <returns>A plan that fails, and the number of trials.</returns>
    public static ShrinkProgress Shrink(
        FaultPlan plan,
        Func<FaultPlan, bool> fails,
        ShrinkOptions? options = null,
        Action<ShrinkProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var shrinker = new PlanShrinker(plan, fails, options ?? new ShrinkOptions(), progress, cancellationToken);
        FaultPlan before;
        do
        {
            before = shrinker._smallest;
            shrinker.LeaveOutFaults();
            shrinker.Simplify();
        }
        while (!ReferenceEquals(before, shrinker._smallest) && !shrinker.IsOver);
        return new ShrinkProgress(shrinker._trials, shrinker._smallest);
    }

    private void LeaveOutFaults() =>
        DeltaDebugging.Minimize(_smallest.Faults, faults => TryWithOtherSeeds(_smallest with { Faults = [.. faults] }));

    private void Simplify()
    {
        foreach (var simplification in Simplifications.OfShape)
        {
            SimplifyBy(simplification);
        }

        for (var index = 0; index < _smallest.Faults.Length; index++)
        {
            foreach (var simplification in Simplifications.OfFault)
            {
                SimplifyBy(plan => simplification(plan.Faults[index]).Select(fault => With(plan, index, fault)));
            }
        }
    }

    private void SimplifyBy(Func<FaultPlan, IEnumerable<FaultPlan>> simplification)
    {
        while (simplification(_smallest).Any(Try))
        {
        }
    }

    private static FaultPlan With(FaultPlan plan, int index, Fault fault)
    {
        Fault[] faults = [.. plan.Faults];
        faults[index] = fault;
        return plan with { Faults = faults };
    }

    private bool TryWithOtherSeeds(FaultPlan plan) =>
        Try(plan) || Enumerable.Range(1, _options.OtherSeeds).Any(seed => Try(plan with { Seed = (ulong)seed }));

    /// <summary>Keeps a plan if it fails.</summary>
    private bool Try(FaultPlan plan)
    {
        if (IsOver || !_tried.Add(FaultPlanJson.Serialize(plan)) || !IsValid(plan))
        {
            return false;
        }

        _trials++;
        var isKept = _fails(plan);
        if (isKept)
        {
            _smallest = plan;
        }

        _progress?.Invoke(new ShrinkProgress(_trials, _smallest));
        return isKept;
    }

    private static bool IsValid(FaultPlan plan)
    {
        try
        {
            FaultPlanValidator.Validate(plan, "plan");
            return true;
        }
        catch (InvalidInputException)
        {
            return false;
        }
    }
}
