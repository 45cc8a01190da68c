using System.Text.RegularExpressions;

namespace Mnist.Tidy.Tests.Rules;

/// <summary>Lines of C# fit on a screen.</summary>
internal sealed class LineLengthRule : Rule
{
    private const int Longest = 140;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(Repository repository) =>
        from file in repository.Sources
        from line in file.Lines.Index()
        where line.Item.Length > Longest
        select file.At(line.Index + 1, $"has {line.Item.Length} characters, at most {Longest} are allowed: break it");
}

/// <summary>A file of C# has one subject.</summary>
internal sealed class FileLengthRule : Rule
{
    private const int Longest = 400;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(Repository repository) =>
        from file in repository.Sources
        where file.Lines.Count - 1 > Longest
        select file.At(1, $"has {file.Lines.Count - 1} lines, at most {Longest} are allowed: split it by subject");
}

/// <summary>C# is indented by spaces and ends where its text ends.</summary>
internal sealed class BlanksRule : Rule
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(Repository repository)
    {
        foreach (var file in repository.Sources)
        {
            foreach (var (index, line) in file.Lines.Index())
            {
                if (line.Contains('\t'))
                {
                    yield return file.At(index + 1, "contains a tab: indent by four spaces, write \\t in a string");
                }

                if (line.Length > 0 && char.IsWhiteSpace(line[^1]))
                {
                    yield return file.At(index + 1, "ends in blanks or a carriage return: remove them");
                }
            }
        }
    }
}

/// <summary>What is not done is an issue of the tracker, not a comment.</summary>
internal sealed partial class UnfinishedWorkRule : Rule
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(Repository repository) =>
        from file in repository.Files
        from line in file.Lines.Index()
        let match = Unfinished().Match(line.Item)
        where match.Success
        select file.At(line.Index + 1, $"says {match.Value}: do it, or open an issue");

    // The words are split, so that this file keeps the rule.
    [GeneratedRegex(@"\b(TO" + "DO|FIX" + "ME|HA" + @"CK|XX" + @"X)\b")]
    private static partial Regex Unfinished();
}

/// <summary>The repository works wherever it is cloned, with whatever registry a site uses.</summary>
internal sealed partial class MachineRule : Rule
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(Repository repository)
    {
        foreach (var file in repository.Files)
        {
            foreach (var (index, line) in file.Lines.Index())
            {
                if (MachinePath().Match(line) is { Success: true } path)
                {
                    yield return file.At(index + 1, $"names a path of one machine ({path.Value}): make it relative");
                }

                if (RegistryHost().Match(line) is { Success: true } host)
                {
                    yield return file.At(index + 1, $"names a registry ({host.Value}): leave it to the user's configuration");
                }
            }
        }
    }

    [GeneratedRegex(@"(?<![\w./~-])/(root|work|Users|home/(?!app\b))[/\w]*/[\w.-]+|\b[A-Za-z]:\\\\?Users\\")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"://[A-Za-z0-9.-]*(nuget|npmjs|debian|pypi|myget)[A-Za-z0-9.-]*")]
    private static partial Regex RegistryHost();
}

/// <summary>Data and build output stay out of the history.</summary>
internal sealed class FileSizeRule : Rule
{
    private const long Largest = 1 << 20;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(Repository repository) =>
        from file in repository.Files
        where file.Length > Largest
        select file.At(1, $"has {file.Length} bytes, at most {Largest} are allowed: fetch or generate it");
}
