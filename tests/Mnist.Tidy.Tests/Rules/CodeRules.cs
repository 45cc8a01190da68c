using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Mnist.Tidy.Tests.Rules;

/// <summary>A method fits on a screen.</summary>
internal sealed class MethodLengthRule : Rule
{
    private const int Longest = 80;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(Repository repository) =>
        from file in repository.Sources
        from node in file.Syntax.GetRoot().DescendantNodes()
        where node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax
        let span = node.GetLocation().GetLineSpan()
        let lines = span.EndLinePosition.Line - span.StartLinePosition.Line + 1
        where lines > Longest
        select file.At(node, $"has {lines} lines, at most {Longest} are allowed: take steps out into methods with names");
}

/// <summary>One source for both editions: what differs is in the project files' references.</summary>
internal sealed class ConditionalCompilationRule : Rule
{
    private static readonly string[] Places = ["src/Mnist.Grains", "src/Mnist.Coordinator"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(Repository repository) =>
        from file in repository.Sources
        where Places.Any(file.IsIn)
        from line in file.Lines.Index()
        where line.Item.TrimStart().StartsWith("#if", StringComparison.Ordinal)
        select file.At(line.Index + 1, "compiles conditionally: write source that both editions' references satisfy");
}

/// <summary>Code that is not used is in the history, not in a comment.</summary>
internal sealed class CommentedCodeRule : Rule
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(Repository repository) =>
        from file in repository.Sources
        from comment in file.Syntax.GetRoot().DescendantTrivia()
        where comment.IsKind(SyntaxKind.SingleLineCommentTrivia) && IsStatement(comment.ToString().TrimStart('/').Trim())
        select file.At(comment.GetLocation().GetLineSpan().StartLinePosition.Line + 1, "is code in a comment: delete it");

    private static bool IsStatement(string text)
    {
        var doesSomething = text.Contains('(') || text.Contains(" = ") || text.StartsWith("return ", StringComparison.Ordinal);
        return text.EndsWith(';') && doesSomething && !SyntaxFactory.ParseStatement(text).ContainsDiagnostics;
    }
}
