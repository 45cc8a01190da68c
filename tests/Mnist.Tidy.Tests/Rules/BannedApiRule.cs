using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Mnist.Tidy.Tests.Rules;

/// <summary>Grains take time, chance and threads from what is injected, so that the simulation decides about all of them.</summary>
internal sealed class BannedApiRule : Rule
{
    private const string Clock = "reads the machine's clock: use the injected TimeProvider";
    private const string RealTime = "waits in real time: use the injected TimeProvider, as in Task.Delay(delay, time)";
    private const string Chance = "is different every time: use KeyedRandom or a number that the specification decides";
    private const string Scheduler = "leaves the grain's scheduler: await it, or hand it to the injected compute lane";
    private const string ThreadState = "depends on the thread: keep the state in the grain";

    /// <summary>Types, and members of types, with what is wrong with them.</summary>
    private static readonly Dictionary<string, string> Banned = new()
    {
        ["System.DateTime.Now"] = Clock,
        ["System.DateTime.Today"] = Clock,
        ["System.DateTime.UtcNow"] = Clock,
        ["System.DateTimeOffset.Now"] = Clock,
        ["System.DateTimeOffset.UtcNow"] = Clock,
        ["System.Diagnostics.Stopwatch"] = Clock,
        ["System.Environment.TickCount"] = Clock,
        ["System.Environment.TickCount64"] = Clock,
        ["System.TimeProvider.System"] = Clock,
        ["System.Threading.PeriodicTimer"] = RealTime,
        ["System.Threading.Tasks.Task.Delay"] = RealTime,
        ["System.Threading.Thread.Sleep"] = RealTime,
        ["System.Threading.Timer"] = RealTime,
        ["System.Guid.CreateVersion7"] = Chance,
        ["System.Guid.NewGuid"] = Chance,
        ["System.Random"] = Chance,
        ["System.Security.Cryptography.RandomNumberGenerator"] = Chance,
        ["System.String.GetHashCode"] = "is different in every process: use a hash that is computed here, or an ordered key",
        ["System.Threading.CancellationTokenSource.CancelAsync"] = Scheduler,
        ["System.Threading.Tasks.Parallel"] = Scheduler,
        ["System.Threading.Tasks.Task.Run"] = Scheduler,
        ["System.Threading.ThreadPool"] = Scheduler,
        ["System.Threading.ThreadLocal"] = ThreadState,
        ["System.ThreadStaticAttribute"] = ThreadState,
    };

    /// <summary>The names as they stand in source, by which most of a file is passed over quickly.</summary>
    private static readonly HashSet<string> Names =
        [.. Banned.Keys.Select(key => key[(key.LastIndexOf('.') + 1)..].Replace("Attribute", "", StringComparison.Ordinal))];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(Repository repository)
    {
        var code = repository.Deterministic;
        return code.Files.SelectMany(file => FindNames(code, file).Concat(FindAwaits(file)).Concat(FindAsyncVoid(file)));
    }

    private static IEnumerable<Finding> FindNames(DeterministicCode code, RepositoryFile file)
    {
        var meaning = code.GetMeaning(file);
        foreach (var name in DeterministicCode.Find<SimpleNameSyntax>(file))
        {
            if (Names.Contains(name.Identifier.Text)
                && meaning.GetSymbolInfo(name).Symbol is { } symbol
                && !TakesTimeProvider(symbol, meaning, name)
                && Describe(symbol) is { } called
                && Banned.TryGetValue(called, out var reason))
            {
                yield return file.At(name, $"{called[(called.LastIndexOf('.', called.LastIndexOf('.') - 1) + 1)..]} {reason}");
            }
        }
    }

    /// <summary>The entry of the list that a name would stand under: a type's name for the type and for creating one.</summary>
    private static string? Describe(ISymbol symbol)
    {
        var type = symbol as INamedTypeSymbol ?? symbol.ContainingType;
        if (type is null || type.ContainingNamespace is not { } space)
        {
            return null;
        }

        var typeName = $"{space}.{type.Name}";
        return symbol is INamedTypeSymbol || symbol is IMethodSymbol { MethodKind: MethodKind.Constructor }
            ? typeName
            : $"{typeName}.{symbol.Name}";
    }

    private static bool TakesTimeProvider(ISymbol symbol, SemanticModel meaning, SimpleNameSyntax name) =>
        symbol is IMethodSymbol method
            ? method.Parameters.Any(IsTimeProvider)
            : name.Parent is ObjectCreationExpressionSyntax creation
                && meaning.GetSymbolInfo(creation).Symbol is IMethodSymbol constructor
                && constructor.Parameters.Any(IsTimeProvider);

    private static bool IsTimeProvider(IParameterSymbol parameter) => parameter.Type.Name == nameof(TimeProvider);

    private static IEnumerable<Finding> FindAwaits(RepositoryFile file) =>
        from call in DeterministicCode.Find<InvocationExpressionSyntax>(file)
        where call.Expression is MemberAccessExpressionSyntax { Name.Identifier.Text: "ConfigureAwait" }
        where !call.ArgumentList.ToString().Contains("ContinueOnCapturedContext", StringComparison.Ordinal)
        where !call.ArgumentList.Arguments.Any(argument => argument.Expression.IsKind(SyntaxKind.TrueLiteralExpression))
        select file.At(call, $"ConfigureAwait{call.ArgumentList} {Scheduler}");

    private static IEnumerable<Finding> FindAsyncVoid(RepositoryFile file)
    {
        const string Message = "async void cannot be awaited and loses its exceptions: return a Task";
        var methods = DeterministicCode.Find<MethodDeclarationSyntax>(file)
            .Where(method => method.Modifiers.Any(SyntaxKind.AsyncKeyword) && method.ReturnType.ToString() == "void");
        var functions = DeterministicCode.Find<LocalFunctionStatementSyntax>(file)
            .Where(function => function.Modifiers.Any(SyntaxKind.AsyncKeyword) && function.ReturnType.ToString() == "void");
        return methods.Concat<SyntaxNode>(functions).Select(node => file.At(node, Message));
    }
}
