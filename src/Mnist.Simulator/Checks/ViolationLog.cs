namespace Mnist.Simulator.Checks;

/// <summary>Keeps the first violation of a trial; later ones are its consequences.</summary>
internal sealed class ViolationLog(Func<TimeSpan> now)
{
    /// <summary>The first violation, or null.</summary>
    public Violation? First { get; private set; }

    /// <summary>Notes that an invariant does not hold.</summary>
    /// <param name="invariant">One of <see cref="Invariants"/>.</param>
    /// <param name="reason">What was found, where, and what was expected.</param>
    public void Add(string invariant, string reason) => First ??= new Violation(invariant, reason, now());
}
