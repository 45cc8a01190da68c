using System.Reflection;

namespace Mnist.Grains;

/// <summary>Which of the two editions this program was built as (docs/decisions/0001-editions.md).</summary>
public static class Edition
{
    /// <summary><c>Cluster</c> where the grains run on Microsoft Orleans, <c>Embedded</c> where they run in this process alone.</summary>
    public static string Name { get; } = Read("Edition");

    /// <summary>What the edition is made of, for people to read: <c>Microsoft Orleans 10.4.2, built-in MessagePack</c>.</summary>
    public static string Parts { get; } = Read("EditionParts");

    private static string Read(string key) =>
        typeof(Edition).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value ?? "";
}
