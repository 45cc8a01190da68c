using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Mnist.Tidy.Tests.Rules;

/// <summary>
/// What a grain does must not hang on the order of a hash table, which differs between processes for keys with random hashes and
/// hangs on the history of insertions and removals for all others.
/// </summary>
internal sealed class UnorderedIterationRule : Rule
{
    private const string Remedy = "in no defined order: order it by key, or use a sorted collection or a list";

    private static readonly HashSet<string> Unordered =
    [
        "ConcurrentBag", "ConcurrentDictionary", "Dictionary", "FrozenDictionary", "FrozenSet", "HashSet", "IDictionary",
        "IImmutableDictionary", "IImmutableSet", "ImmutableDictionary", "ImmutableHashSet", "IReadOnlyDictionary", "IReadOnlySet", "ISet",
        "ReadOnlyDictionary",
    ];

    /// <summary>Calls whose result does not hang on the order, and those that make one.</summary>
    private static readonly HashSet<string> Harmless =
    [
        "All", "Any", "Contains", "ContainsKey", "Count", "LongCount", "Max", "Min", "Order", "OrderBy", "OrderByDescending",
        "OrderDescending", "SetEquals", "ToDictionary", "ToFrozenDictionary", "ToFrozenSet", "ToHashSet", "ToImmutableHashSet",
        "ToImmutableSortedDictionary", "ToImmutableSortedSet",
    ];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(Repository repository)
    {
        var code = repository.Deterministic;
        foreach (var file in code.Files)
        {
            var meaning = code.GetMeaning(file);
            foreach (var expression in DeterministicCode.Find<ExpressionSyntax>(file).Where(IsGoneThrough))
            {
                if (NameUnordered(meaning, expression) is { } name)
                {
                    yield return file.At(expression, $"goes through {name} {Remedy}");
                }
            }
        }
    }

    private static bool IsGoneThrough(ExpressionSyntax expression) => expression.Parent switch
    {
        ForEachStatementSyntax loop => loop.Expression == expression,
        ForEachVariableStatementSyntax loop => loop.Expression == expression,
        SpreadElementSyntax => !IsSet(expression.Parent.Parent),
        FromClauseSyntax => !expression.FirstAncestorOrSelf<QueryExpressionSyntax>()!.Body.Clauses.OfType<OrderByClauseSyntax>().Any(),
        MemberAccessExpressionSyntax access when access.Expression == expression => HangsOnOrder(access),
        _ => false,
    };

    /// <summary>Whether a chain of calls begins here that neither orders nor ends in something that does not care.</summary>
    private static bool HangsOnOrder(MemberAccessExpressionSyntax access)
    {
        if (access.Parent is not InvocationExpressionSyntax call || Harmless.Contains(access.Name.Identifier.Text))
        {
            return false;
        }

        return call.Parent is not MemberAccessExpressionSyntax next || next.Expression != call || HangsOnOrder(next);
    }

    private static bool IsSet(SyntaxNode? collection) =>
        collection?.Parent is CastExpressionSyntax cast && Unordered.Contains(cast.Type.ToString().Split('<')[0]);

    /// <summary>The expression, if it is a hash table or its keys or values and the call on it goes through them.</summary>
    private static string? NameUnordered(SemanticModel meaning, ExpressionSyntax expression)
    {
        if (expression.Parent is MemberAccessExpressionSyntax access
            && meaning.GetSymbolInfo(access).Symbol is not IMethodSymbol { ContainingType.Name: "Enumerable" or "ImmutableArray" })
        {
            return null;
        }

        var type = meaning.GetTypeInfo(expression).Type;
        var isPart = expression is MemberAccessExpressionSyntax { Name.Identifier.Text: "Keys" or "Values" } part
            && IsUnordered(meaning.GetTypeInfo(part.Expression).Type);
        return isPart || IsUnordered(type) ? expression.ToString() : null;
    }

    private static bool IsUnordered(ITypeSymbol? type) =>
        type is not null
        && Unordered.Contains(type.Name)
        && type.ContainingNamespace.ToString()!.StartsWith("System.Collections", StringComparison.Ordinal);
}
