namespace Orleans.Simulation.Tests;

/// <summary>Finds what code that compiles against our API would not find in the real one.</summary>
internal static class ApiComparer
{
    /// <summary>Compares a type of ours with the real one of the same name.</summary>
    /// <param name="ours">Our type.</param>
    /// <param name="real">The real one.</param>
    /// <param name="completed">
    /// Whether others implement this interface or derive from this class, so that all that they must implement has to be there.
    /// </param>
    /// <returns>A sentence for each difference.</returns>
    public static IEnumerable<string> Differences(ApiType ours, ApiType real, bool completed)
    {
        if (ours.Header != real.Header)
        {
            yield return $"{ours.Name} is \"{ours.Header}\", but really \"{real.Header}\".";
        }

        foreach (string implemented in ours.Interfaces.Except(real.Interfaces).Order(StringComparer.Ordinal))
        {
            yield return $"{ours.Name} implements {implemented}, but really does not.";
        }

        foreach (var (key, member) in ours.Members.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (!real.Members.TryGetValue(key, out var realMember))
            {
                if (!member.IsOverride)
                {
                    yield return $"{ours.Name} has {key}, but really does not.";
                }
            }
            else if (member.Detail != realMember.Detail)
            {
                yield return $"{ours.Name} has {key} as \"{member.Detail}\", but really as \"{realMember.Detail}\".";
            }
        }

        if (completed)
        {
            foreach (string key in real.Members.Where(pair => pair.Value.IsAbstract).Select(pair => pair.Key).Except(ours.Members.Keys).Order())
            {
                yield return $"{ours.Name} lacks {key}, which really must be implemented.";
            }
        }
    }
}
