using Mnist.Grains.Protocol;

namespace Mnist.Grains.Tests.Protocol;

public sealed class WeightLoansTests
{
    private const int Length = 8;
    private readonly WeightLoans _loans = new();
    private long _round = -1;

    [Fact]
    public void Two_arrays_take_turns_while_everybody_comes_back()
    {
        var (first, second) = (Next("a", "b"), Next("a", "b"));
        Assert.NotSame(first, second);
        for (var i = 0; i < 5; i++)
        {
            Return(_round, "a", "b");
            Assert.Same(i % 2 == 0 ? first : second, Next("a", "b"));
        }
    }

    [Fact]
    public void What_one_borrower_may_still_read_is_not_used_again()
    {
        var first = Next("a", "b");
        _ = Next("a");
        Return(_round, "a");

        var next = Next("a");

        Assert.NotSame(first, next);
        Return(_round, "a");
        Assert.NotSame(first, Next("a"));
    }

    [Fact]
    public void A_second_activation_of_a_worker_gives_nothing_back_for_the_first()
    {
        var first = Next("worker 0, first");
        _ = Next("worker 0, second");
        Return(_round, "worker 0, second");

        Assert.NotSame(first, Next("worker 0, second"));
    }

    [Fact]
    public void Whoever_holds_no_weights_or_those_of_the_round_before_gives_nothing_back()
    {
        var first = Next("a");
        Return(-1, "a");
        Return(_round, "a");

        Assert.NotSame(first, Next("a"));
    }

    [Fact]
    public void What_somebody_unknown_has_borrowed_is_not_used_again()
    {
        var first = Next("");
        _ = Next("");
        Return(_round, "");

        Assert.NotSame(first, Next(""));
    }

    [Fact]
    public void Arrays_of_those_who_stay_away_are_forgotten()
    {
        var lost = Enumerable.Range(0, 10).Select(worker => new WeakReference(Next($"lost {worker}"))).ToArray();

        GC.Collect();

        Assert.True(lost.Count(array => array.IsAlive) <= 3);
    }

    [Fact]
    public void After_a_rewind_the_arrays_of_later_rounds_are_not_used_again()
    {
        _ = Next("a");
        var later = Next("a");
        _round -= 2;
        _ = Next("a");
        Return(_round, "a");

        Assert.NotSame(later, Next("a"));
    }

    /// <summary>Lends the weights of the next round.</summary>
    private byte[] Next(params string[] borrowers)
    {
        _round++;
        var weights = _loans.Returned().Take(Length);
        Array.ForEach(borrowers, borrower => _loans.Lend(borrower, _round, weights));
        return weights;
    }

    private void Return(long round, params string[] borrowers) => Array.ForEach(borrowers, borrower => _loans.Return(borrower, round));
}
