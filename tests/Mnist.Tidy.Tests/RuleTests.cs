using Mnist.Tidy.Tests.Rules;

namespace Mnist.Tidy.Tests;

/// <summary>Each rule finds what it is there to find, and leaves the right thing alone.</summary>
public class RuleTests
{
    private const string Solution = """Project("") = "A", "src\A\A.csproj", "{}" """;

    [Fact]
    public void A_long_line_is_found()
    {
        Assert.Equal(2, Only(new LineLengthRule(), "src/A.cs", $"// {new string('a', 137)}\n// {new string('a', 138)}\n").Line);
    }

    [Fact]
    public void A_long_file_is_found()
    {
        Only(new FileLengthRule(), "src/A.cs", string.Concat(Enumerable.Repeat("//\n", 401)));
        None(new FileLengthRule(), "src/A.cs", string.Concat(Enumerable.Repeat("//\n", 400)));
    }

    [Theory]
    [InlineData("\tclass A;\n")]
    [InlineData("class A; \n")]
    [InlineData("class A;\r\n")]
    public void Tabs_and_trailing_blanks_are_found(string text) => Only(new BlanksRule(), "src/A.cs", text);

    [Theory]
    [InlineData("TO" + "DO")]
    [InlineData("FIX" + "ME")]
    [InlineData("HA" + "CK")]
    public void Unfinished_work_is_found(string word)
    {
        Only(new UnfinishedWorkRule(), "deploy/a.yml", $"# {word}: later\n");
        None(new UnfinishedWorkRule(), "deploy/a.yml", $"# {word}S\n");
    }

    [Theory]
    [InlineData("/ro" + "ot/mnist/data")]
    [InlineData("/wo" + "rk/project")]
    [InlineData("/ho" + "me/ada/mnist")]
    [InlineData("C:\\Us" + "ers\\ada")]
    [InlineData("https:/" + "/nuget.example/v3/index.json")]
    [InlineData("http:/" + "/npmjs.example")]
    public void Paths_of_a_machine_and_registries_are_found(string text) => Only(new MachineRule(), "docs/A.md", $"See {text} for it.\n");

    [Theory]
    [InlineData("src/Users/main")]
    [InlineData("https://example.org/Users/main")]
    [InlineData("/home/app/data")]
    public void Relative_paths_and_addresses_are_no_paths_of_a_machine(string text) => None(new MachineRule(), "docs/A.md", text);

    [Fact]
    public void A_measurement_that_no_document_explains_is_found()
    {
        var names = new RepositoryFile("src/A/TelemetryNames.cs", "public const string Step = \"a.step\";\n");
        var other = new RepositoryFile("docs/OPERATIONS.md", "`a.steps`\n");
        var right = new RepositoryFile("docs/OPERATIONS.md", "`a.step`\n");

        Assert.Single(new TelemetryRule().Check(new Repository([names, other])));
        Assert.Empty(new TelemetryRule().Check(new Repository([names, right])));
    }

    [Fact]
    public void A_large_file_is_found() => Only(new FileSizeRule(), "data/a.csv", new string('1', (1 << 20) + 1));

    [Fact]
    public void A_project_outside_the_solution_is_found()
    {
        var inside = new RepositoryFile("src/A/A.csproj", "");
        var outside = new RepositoryFile("src/B/B.csproj", "");
        var repository = new Repository([new RepositoryFile("Mnist.sln", Solution), inside, outside]);
        Assert.Equal("src/B/B.csproj", Assert.Single(new SolutionRule().Check(repository)).Path);
    }

    [Fact]
    public void A_link_that_leads_nowhere_is_found()
    {
        const string Text = """
            [a](docs/A.md) and [part](docs/A.md#part), [folder](docs), [web](https://example.org)
            [b](docs/B.md)
            ```
            [c](docs/C.md)
            ```
            """;
        var linked = new RepositoryFile("docs/A.md", "# Part\n[up](../README.md)");
        var repository = new Repository([new RepositoryFile("README.md", Text), linked]);
        var finding = Assert.Single(new DocumentationRule().Check(repository));
        Assert.Equal(("README.md", 2), (finding.Path, finding.Line));
    }

    [Fact]
    public void A_link_to_a_heading_that_is_not_there_is_found()
    {
        const string Text = """
            # What it is
            [here](#what-it-is), [there](docs/A.md#a-b-and-c), [in code](docs/A.md#ls)
            [gone](#what-it-was)
            """;
        var linked = new RepositoryFile("docs/A.md", "## `A` b, [and](../README.md) c\n## ls\n");
        var other = new RepositoryFile("docs/A.md", "## A b, and c\n```\n## ls\n```\n");

        Assert.Equal([3], Lines(linked));
        Assert.Equal([2, 3], Lines(other));

        static IEnumerable<int> Lines(RepositoryFile target) =>
            new DocumentationRule().Check(new Repository([new RepositoryFile("README.md", Text), target])).Select(finding => finding.Line);
    }

    [Fact]
    public void A_document_that_nothing_links_to_is_found()
    {
        var entry = new RepositoryFile("README.md", "[a](docs/A.md)");
        var reached = new RepositoryFile("docs/A.md", "");
        var islands = new[] { new RepositoryFile("docs/B.md", "[c](C.md)"), new RepositoryFile("docs/C.md", "[b](B.md)") };
        var findings = new DocumentationRule().Check(new Repository([entry, reached, .. islands]));
        Assert.Equal(["docs/B.md", "docs/C.md"], findings.Select(finding => finding.Path));
    }

    [Fact]
    public void A_long_method_is_found()
    {
        var body = string.Concat(Enumerable.Repeat("        M();\n", 78));
        None(new MethodLengthRule(), "src/A.cs", $"class A\n{{\n    void M()\n    {{\n{body[..^13]}    }}\n}}\n");
        Only(new MethodLengthRule(), "src/A.cs", $"class A\n{{\n    void M()\n    {{\n{body}    }}\n}}\n");
    }

    [Fact]
    public void Conditional_compilation_is_found_where_both_editions_share_the_source()
    {
        Only(new ConditionalCompilationRule(), "src/Mnist.Grains/A.cs", "#if ORLEANS\n#endif\n");
        None(new ConditionalCompilationRule(), "src/Mnist.Learning/A.cs", "#if ORLEANS\n#endif\n");
    }

    [Theory]
    [InlineData("// var a = Compute(b);")]
    [InlineData("// Compute(b);")]
    [InlineData("// return b;")]
    public void Code_in_a_comment_is_found(string line) => Only(new CommentedCodeRule(), "src/A.cs", line);

    [Theory]
    [InlineData("// It is computed once (see below);")]
    [InlineData("// x is (N, C, H, W)")]
    [InlineData("// The lease ends; the shard goes back.")]
    public void Prose_in_a_comment_is_no_code(string line) => None(new CommentedCodeRule(), "src/A.cs", line);

    [Theory]
    [InlineData("Task.Run(() => 1);")]
    [InlineData("_ = DateTime.UtcNow;")]
    [InlineData("_ = DateTime.Now;")]
    [InlineData("_ = DateTimeOffset.UtcNow;")]
    [InlineData("_ = TimeProvider.System;")]
    [InlineData("_ = System.Diagnostics.Stopwatch.GetTimestamp();", 2)]
    [InlineData("_ = Environment.TickCount64;")]
    [InlineData("_ = Random.Shared;", 2)]
    [InlineData("_ = new Random(1);")]
    [InlineData("_ = Guid.NewGuid();")]
    [InlineData("_ = \"a\".GetHashCode();")]
    [InlineData("_ = new ThreadLocal<int>();")]
    [InlineData("Thread.Sleep(1);")]
    [InlineData("Task.Delay(1);")]
    [InlineData("Task.CompletedTask.ConfigureAwait(false);")]
    [InlineData("Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);")]
    [InlineData("async void Local() => await Task.Yield();")]
    public void A_call_that_the_simulation_cannot_decide_about_is_found(string statement, int atMost = 1)
    {
        Assert.InRange(Check(new BannedApiRule(), Grain(statement)).Count, 1, atMost);
    }

    [Fact]
    public void Thread_statics_and_async_void_methods_are_found()
    {
        Only(new BannedApiRule(), "src/Mnist.Grains/A.cs", "class A { [ThreadStatic] private static int _a; }");
        Only(new BannedApiRule(), "src/Orleans.Simulation/A.cs", "class A { async void M() => await Task.Yield(); }");
    }

    [Theory]
    [InlineData("Task.Delay(TimeSpan.Zero, time);")]
    [InlineData("_ = time.GetUtcNow();")]
    [InlineData("_ = new DateTime(2000, 1, 1);")]
    [InlineData("Task.CompletedTask.ConfigureAwait(true);")]
    [InlineData("Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext);")]
    [InlineData("// Task.Run would leave the scheduler.")]
    [InlineData("Run(); void Run() { }")]
    public void What_the_simulation_decides_about_is_left_alone(string statement) =>
        Assert.Empty(Check(new BannedApiRule(), Grain(statement)));

    [Fact]
    public void Other_code_may_use_the_clock()
    {
        None(new BannedApiRule(), "src/Mnist.Coordinator/A.cs", "class A { DateTime M() => DateTime.UtcNow; }");
    }

    [Theory]
    [InlineData("foreach (var pair in _table) { }")]
    [InlineData("foreach (var (key, value) in _table) { }")]
    [InlineData("foreach (var key in _table.Keys) { }")]
    [InlineData("foreach (var item in _set) { }")]
    [InlineData("_ = _table.Values.ToList();")]
    [InlineData("_ = _set.Where(item => item > 1).Select(item => item + 1).ToArray();")]
    [InlineData("_ = _set.First();")]
    [InlineData("int[] items = [.. _set];")]
    [InlineData("_ = from item in _set select item;")]
    public void Going_through_a_hash_table_is_found(string statement) =>
        Assert.Single(Check(new UnorderedIterationRule(), Grain(statement)));

    [Theory]
    [InlineData("foreach (var pair in _table.OrderBy(pair => pair.Key)) { }")]
    [InlineData("foreach (var pair in _sorted) { }")]
    [InlineData("foreach (var item in _list) { }")]
    [InlineData("_ = _set.Where(item => item > 1).Order().ToArray();")]
    [InlineData("_ = _set.Count(item => item > 1) + _table.Values.Max();")]
    [InlineData("int[] items = [.. _set.Order()];")]
    [InlineData("_ = from item in _set orderby item select item;")]
    [InlineData("_ = _table.ContainsKey(1) && _set.Contains(1);")]
    [InlineData("_set.UnionWith(_list);")]
    public void Going_through_it_in_order_is_left_alone(string statement) =>
        Assert.Empty(Check(new UnorderedIterationRule(), Grain(statement)));

    [Fact]
    public void A_finding_names_the_place_and_the_remedy()
    {
        var finding = Only(new BannedApiRule(), "src/Mnist.Grains/A.cs", "class A\n{\n    DateTime M() => DateTime.UtcNow;\n}\n");
        Assert.Equal("src/Mnist.Grains/A.cs:3: DateTime.UtcNow reads the machine's clock: use the injected TimeProvider", $"{finding}");
    }

    private static RepositoryFile Grain(string statement) => new("src/Mnist.Grains/A.cs", $$"""
        class A
        {
            private readonly Dictionary<int, int> _table = [];
            private readonly SortedDictionary<int, int> _sorted = [];
            private readonly HashSet<int> _set = [];
            private readonly List<int> _list = [];

            void M(TimeProvider time)
            {
                {{statement}}
            }
        }
        """);

    private static Finding Only(Rule rule, string path, string text) => Assert.Single(Check(rule, new RepositoryFile(path, text)));

    private static void None(Rule rule, string path, string text) => Assert.Empty(Check(rule, new RepositoryFile(path, text)));

    private static List<Finding> Check(Rule rule, RepositoryFile file) => [.. rule.Check(new Repository([file]))];
}
