using System.Text.RegularExpressions;

namespace Mnist.Tidy.Tests.Rules;

/// <summary>Whoever builds the solution builds everything.</summary>
internal sealed class SolutionRule : Rule
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(Repository repository)
    {
        var solution = repository.Files.Single(file => file.Path == "Mnist.sln").Text!.Replace('\\', '/');
        return from file in repository.Files
               where file.Path.EndsWith(".csproj", StringComparison.Ordinal)
               where !solution.Contains($"\"{file.Path}\"", StringComparison.Ordinal)
               select file.At(1, $"is not in Mnist.sln: dotnet sln add {file.Path}");
    }
}

/// <summary>Links between documents lead somewhere, and every document is reached from the README.</summary>
internal sealed partial class DocumentationRule : Rule
{
    private const string Entry = "README.md";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(Repository repository)
    {
        var documents = repository.Files.Where(file => file.Path.EndsWith(".md", StringComparison.Ordinal)).ToList();
        var files = repository.Files.Select(file => file.Path).ToHashSet();
        var folders = files.SelectMany(ParentFolders).ToHashSet();
        var reached = new HashSet<string> { Entry };
        var waiting = new Queue<string>(reached);
        while (waiting.TryDequeue(out var path))
        {
            foreach (var (_, target, _) in documents.Where(file => file.Path == path).SelectMany(LocalLinks))
            {
                if (reached.Add(target))
                {
                    waiting.Enqueue(target);
                }
            }
        }

        var broken = from document in documents
                     from link in LocalLinks(document)
                     where !files.Contains(link.Target) && !folders.Contains(link.Target)
                     select document.At(link.Line, $"links to {link.Target}, which does not exist");
        var headings = documents.ToDictionary(document => document.Path, document => Headings(document).ToHashSet());
        var lost = from document in documents
                   from link in LocalLinks(document)
                   where link.Heading.Length > 0 && headings.TryGetValue(link.Target, out var found) && !found.Contains(link.Heading)
                   select document.At(link.Line, $"links to #{link.Heading} of {link.Target}, which has no such heading");
        var dead = from document in documents
                   where !reached.Contains(document.Path)
                   select document.At(1, $"cannot be reached from {Entry}: link to it, or delete it");
        return broken.Concat(lost).Concat(dead);
    }

    private static IEnumerable<(int Line, string Target, string Heading)> LocalLinks(RepositoryFile document)
    {
        var folder = document.Path.Contains('/') ? document.Path[..document.Path.LastIndexOf('/')] : "";
        foreach (var (line, text) in Prose(document))
        {
            foreach (var parts in Link().Matches(text).Select(match => match.Groups[1].Value.Split('#', 2)))
            {
                if (!parts[0].Contains(':'))
                {
                    var target = parts[0].Length == 0 ? document.Path : Combine(folder, parts[0]);
                    yield return (line, target, parts.ElementAtOrDefault(1) ?? "");
                }
            }
        }
    }

    /// <summary>The names that the hosts of repositories give to headings.</summary>
    private static IEnumerable<string> Headings(RepositoryFile document) =>
        from line in Prose(document)
        where line.Text.StartsWith('#')
        let title = LinkTarget().Replace(line.Text, "").TrimStart('#').Trim().ToLowerInvariant()
        select string.Concat(title.Where(letter => char.IsLetterOrDigit(letter) || letter is ' ' or '-' or '_')).Replace(' ', '-');

    /// <summary>The lines outside code, from 1.</summary>
    private static IEnumerable<(int Line, string Text)> Prose(RepositoryFile document)
    {
        var inCode = false;
        foreach (var (index, text) in document.Lines.Index())
        {
            inCode ^= text.TrimStart().StartsWith("```", StringComparison.Ordinal);
            if (!inCode)
            {
                yield return (index + 1, text);
            }
        }
    }

    private static string Combine(string folder, string target)
    {
        var parts = new List<string>(target.StartsWith('/') ? [] : folder.Split('/', StringSplitOptions.RemoveEmptyEntries));
        foreach (var part in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != "."))
        {
            if (part == ".." && parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }

    private static IEnumerable<string> ParentFolders(string path)
    {
        for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
        {
            yield return path[..slash];
        }
    }

    [GeneratedRegex(@"\]\(\s*<?([^)\s>]+)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\]\([^)]*\)")]
    private static partial Regex LinkTarget();
}
