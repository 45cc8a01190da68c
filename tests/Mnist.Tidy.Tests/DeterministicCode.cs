using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Mnist.Tidy.Tests;

/// <summary>
/// The code that has to do the same thing every time it is simulated: the grains and the simulation under them. It is compiled
/// here, without its packages, so that rules can ask what a name stands for.
/// </summary>
internal sealed class DeterministicCode
{
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly Lazy<MetadataReference[]> Platform = new(() =>
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path))]);

    private static readonly string[] Places = ["src/Mnist.Grains", "src/Orleans.Simulation"];
    private readonly CSharpCompilation _compilation;

    /// <summary>Compiles the code.</summary>
    /// <param name="repository">Where it lies.</param>
    public DeterministicCode(Repository repository)
    {
        Files = [.. repository.Sources.Where(file => Places.Any(file.IsIn))];
        var implicitUsings = new RepositoryFile("ImplicitUsings.cs", ImplicitUsings);
        var referenced = repository.Sources.Where(file => file.IsIn("src/Mnist.Learning")).Append(implicitUsings);
        _compilation = CSharpCompilation.Create(
            "Deterministic",
            Files.Concat(referenced).Select(file => file.Syntax),
            Platform.Value,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
    }

    /// <summary>The files of the code.</summary>
    public IReadOnlyList<RepositoryFile> Files { get; }

    /// <summary>Pieces of syntax of a kind in a file.</summary>
    /// <typeparam name="T">The kind.</typeparam>
    /// <param name="file">The file.</param>
    public static IEnumerable<T> Find<T>(RepositoryFile file) => file.Syntax.GetRoot().DescendantNodes().OfType<T>();

    /// <summary>What the names of a file mean.</summary>
    /// <param name="file">One of <see cref="Files"/>.</param>
    public SemanticModel GetMeaning(RepositoryFile file) => _compilation.GetSemanticModel(file.Syntax);
}
