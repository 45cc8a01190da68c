using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Orleans.Simulation.Tests;

public sealed class ApiComparerTests
{
    [Fact]
    public void Equal_types_do_not_differ()
    {
        const string Source = "public class C<T> where T : struct { public C(int a = 3) {} protected virtual void M(params string[] s) {} }";

        Assert.Empty(Compare(Source, Source));
    }

    [Fact]
    public void Less_is_no_difference() =>
        Assert.Empty(Compare("public interface I { void A(); }", "public interface I : System.IDisposable { void A(); int B { get; } }"));

    [Fact]
    public void Less_is_a_difference_where_others_must_implement_it() =>
        Assert.Single(Compare("public interface I { void A(); }", "public interface I { void A(); int B { get; } }", completed: true));

    [Theory]
    [InlineData("class C { public void M(int a) {} }", "class C { public void M(long a) {} }")]
    [InlineData("class C { public void M(int a) {} }", "class C { public void M(int b) {} }")]
    [InlineData("class C { public void M(int a = 1) {} }", "class C { public void M(int a = 2) {} }")]
    [InlineData("class C { public void M(int a = 1) {} }", "class C { public void M(int a) {} }")]
    [InlineData("class C { public void M(string[] a) {} }", "class C { public void M(params string[] a) {} }")]
    [InlineData("class C { public void M(ref int a) {} }", "class C { public void M(int a) {} }")]
    [InlineData("class C { public int M() => 1; }", "class C { public long M() => 1; }")]
    [InlineData("class C { public int M() => 1; }", "class C { protected int M() => 1; }")]
    [InlineData("class C { public int M() => 1; }", "class C { public static int M() => 1; }")]
    [InlineData("class C { public virtual int M() => 1; }", "class C { public int M() => 1; }")]
    [InlineData("class C { public void M<T>() {} }", "class C { public void M() {} }")]
    [InlineData("class C { public void M<T>() where T : class {} }", "class C { public void M<T>() {} }")]
    [InlineData("class C { public void M<T>() where T : System.IDisposable {} }", "class C { public void M<T>() {} }")]
    [InlineData("class C { public int P { get; set; } }", "class C { public int P { get; } }")]
    [InlineData("class C { public int P { get; set; } }", "class C { public int P { get; init; } }")]
    [InlineData("class C { public required int P { get; set; } }", "class C { public int P { get; set; } }")]
    [InlineData("class C { public const int F = 1; }", "class C { public const int F = 2; }")]
    [InlineData("class C { public readonly int F; }", "class C { public int F; }")]
    [InlineData("sealed class C { }", "class C { }")]
    [InlineData("abstract class C { }", "class C { }")]
    [InlineData("class C : System.Exception { }", "class C { }")]
    [InlineData("class C : System.IDisposable { void System.IDisposable.Dispose() {} }", "class C { }")]
    [InlineData("struct C { }", "class C { }")]
    [InlineData("interface C { }", "class C { }")]
    [InlineData("interface C { void M() {} }", "interface C { void M(); }")]
    [InlineData("class C<T> where T : new() { }", "class C<T> { }")]
    [InlineData("enum C : byte { A }", "enum C { A }")]
    [InlineData("enum C { A = 1 }", "enum C { A = 2 }")]
    [InlineData("static class C { public static void M(this int a) {} }", "static class C { public static void M(int a) {} }")]
    [InlineData(
        "[System.AttributeUsage(System.AttributeTargets.Class)] class C : System.Attribute { }",
        "[System.AttributeUsage(System.AttributeTargets.Method)] class C : System.Attribute { }")]
    public void A_wrong_signature_is_a_difference(string ours, string real) =>
        Assert.NotEmpty(Compare(Public(ours), Public(real)));

    // Attributes come before the modifier.
    private static string Public(string type) => type[0] == '[' ? type.Replace(")] class", ")] public class", StringComparison.Ordinal) : $"public {type}";

    private static string[] Compare(string ours, string real, bool completed = false)
    {
        var ourTypes = ApiReader.Read(Compile(ours));
        var realTypes = ApiReader.Read(Compile(real));
        return [.. ourTypes.Values.SelectMany(type => ApiComparer.Differences(type, realTypes[type.Name], completed))];
    }

    private static MemoryStream Compile(string source)
    {
        var compilation = CSharpCompilation.Create(
            "Api",
            [CSharpSyntaxTree.ParseText("namespace N;" + source, cancellationToken: TestContext.Current.CancellationToken)],
            [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        var assembly = new MemoryStream();
        var result = compilation.Emit(assembly, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.Success, string.Join(Environment.NewLine, result.Diagnostics));
        assembly.Position = 0;
        return assembly;
    }
}
