using System.Text.RegularExpressions;

namespace Mnist.Tidy.Tests.Rules;

/// <summary>What is measured and traced is explained to those who operate it.</summary>
internal sealed partial class TelemetryRule : Rule
{
    private const string Names = "TelemetryNames.cs";
    private const string Document = "docs/OPERATIONS.md";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(Repository repository)
    {
        var document = repository.Files.SingleOrDefault(file => file.Path == Document)?.Text ?? "";
        return from file in repository.Sources
               where file.Path.EndsWith(Names, StringComparison.Ordinal)
               from line in file.Lines.Index()
               let name = Constant().Match(line.Item).Groups[1].Value
               where name.Length > 0 && !document.Contains($"`{name}`", StringComparison.Ordinal)
               select file.At(line.Index + 1, $"{name} is not in {Document}: say what it means and when to look at it");
    }

    [GeneratedRegex("const string \\w+ = \"([^\"]+)\"")]
    private static partial Regex Constant();
}
