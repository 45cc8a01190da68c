namespace Mnist.Grains.Protocol;

/// <content>Where workers are, and what becomes of their slices when a silo has ended.</content>
public sealed partial class RoundCoordinator
{
    /// <summary>Notes where a worker is.</summary>
    /// <param name="worker">Index of the worker.</param>
    /// <param name="silo">The silo.</param>
    /// <param name="isOfServer">True in the server's own silo.</param>
    /// <returns>True where it was not known to be there.</returns>
    public bool NoteSilo(int worker, string silo, bool isOfServer)
    {
        ref var record = ref Record(worker);
        if (record.Silo == silo)
        {
            return false;
        }

        (record.Silo, record.IsOfServer) = (silo, isOfServer);
        return true;
    }

    /// <summary>
    /// A silo has ended: what its workers owe is divided among the others, who get it at once where they wait, and otherwise when they ask.
    /// A worker that is heard of after that was not there, or is no longer: it takes part again from the next round on.
    /// </summary>
    /// <param name="silo">The silo.</param>
    /// <returns>A decision for each worker that waited and got something.</returns>
    public IReadOnlyList<WorkDecision> Lose(string silo)
    {
        var owed = new List<int>();
        for (var worker = 0; worker < _workers.Count; worker++)
        {
            if (_workers[worker].Silo == silo)
            {
                Retire(worker);
                owed.AddRange(MissingSlicesOf(worker));
            }
        }

        if (owed.Count == 0)
        {
            return [];
        }

        _owners.Take(owed);
        _owners.SpreadUnowned([.. Enumerable.Range(0, _workers.Count).Where(other => _workers[other].Silo != silo && IsPresent(other))]);
        var decisions = new List<WorkDecision>();
        for (var other = 0; other < _workers.Count; other++)
        {
            if (_workers[other].IsIdle && MissingSlicesOf(other) is [_, ..] slices)
            {
                SetIdle(ref Record(other), false);
                decisions.Add(new WorkDecision(other, slices, false, "the silo of their owner has ended"));
            }
        }

        return decisions;
    }
}
