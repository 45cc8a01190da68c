namespace Mnist.Tidy.Tests;

/// <summary>A rule of docs/STYLE.md that a program can check.</summary>
internal abstract class Rule
{
    /// <summary>Every rule.</summary>
    public static IReadOnlyList<Rule> All { get; } = [.. typeof(Rule).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(Rule)) && !type.IsAbstract)
        .OrderBy(type => type.Name, StringComparer.Ordinal)
        .Select(type => (Rule)Activator.CreateInstance(type)!)];

    /// <summary>The rule's name, by which exceptions refer to it.</summary>
    public string Name => GetType().Name;

    /// <summary>Finds what breaks the rule.</summary>
    /// <param name="repository">Where to look.</param>
    public abstract IEnumerable<Finding> Check(Repository repository);
}
