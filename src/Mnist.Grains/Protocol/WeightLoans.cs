using Mnist.Grains.Wire;

namespace Mnist.Grains.Protocol;

/// <summary>
/// Who may still read which weights. Within a silo the workers read the very array that the server answers with, and elsewhere it is read
/// when the answer is sent: it may hold other weights only once everybody that it was lent to has shown to hold newer ones. Weights in a
/// new array in every step would cost more than filling it does, since the system makes its pages as they are first written.
/// <para>
/// Arrays of those who do not come back are forgotten, not used again. Deterministic: no clock, no randomness, no I/O.
/// </para>
/// </summary>
internal sealed class WeightLoans
{
    /// <summary>The weights at hand and those before them are out, or one of them has come back.</summary>
    private const int MostLoans = 2;

    private readonly List<Loan> _loans = [];
    private readonly SpareFrames _returned = new(MostLoans);

    /// <summary>Arrays for the next weights; to be asked when nobody new will be lent the last ones.</summary>
    public SpareFrames Returned()
    {
        for (var i = _loans.Count - 1; i >= 0; i--)
        {
            if (_loans[i].Borrowers.Count == 0)
            {
                _returned.GiveBack(_loans[i].Weights);
                _loans.RemoveAt(i);
            }
        }

        _loans.RemoveRange(0, Math.Max(0, _loans.Count - MostLoans));
        return _returned;
    }

    /// <summary>Notes that weights were given away.</summary>
    /// <param name="borrower">Who may read them from now on, its activation; empty when unknown, which never brings any back.</param>
    /// <param name="round">The round that they are for.</param>
    /// <param name="weights">The array.</param>
    public void Lend(string borrower, long round, byte[] weights)
    {
        if (_loans is not [.., var newest] || newest.Weights != weights)
        {
            newest = new Loan(round, weights, []);
            _loans.Add(newest);
        }

        newest.Borrowers.Add(borrower);
    }

    /// <summary>Notes that somebody holds the weights of a round: it reads none of earlier rounds any more.</summary>
    /// <param name="borrower">Its activation; empty when that is unknown.</param>
    /// <param name="round">The round, -1 for none.</param>
    public void Return(string borrower, long round)
    {
        if (borrower.Length == 0)
        {
            return;
        }

        foreach (var loan in _loans)
        {
            if (loan.Round < round)
            {
                loan.Borrowers.Remove(borrower);
            }
        }
    }

    private sealed record Loan(long Round, byte[] Weights, HashSet<string> Borrowers);
}
