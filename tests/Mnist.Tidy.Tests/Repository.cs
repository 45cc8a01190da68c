using System.Diagnostics;

namespace Mnist.Tidy.Tests;

/// <summary>The files that the rules look at: what git tracks or would track, or the whole tree where git is not at hand.</summary>
internal sealed class Repository
{
    private static readonly string[] Generated = ["bin", "obj", "artifacts", "TestResults", "runs", "node_modules", ".git", ".vs", ".idea"];

    private readonly Lazy<DeterministicCode> _deterministic;

    /// <summary>Makes a repository of files that are given, for testing rules.</summary>
    /// <param name="files">The files.</param>
    public Repository(IReadOnlyList<RepositoryFile> files)
    {
        Files = files;
        _deterministic = new(() => new DeterministicCode(this));
    }

    /// <summary>The repository that this test belongs to.</summary>
    public static Repository Own { get; } = Open();

    /// <summary>Every file, ordered by path.</summary>
    public IReadOnlyList<RepositoryFile> Files { get; }

    /// <summary>The C# files.</summary>
    public IEnumerable<RepositoryFile> Sources => Files.Where(file => file.Path.EndsWith(".cs", StringComparison.Ordinal));

    /// <summary>The code that the simulation runs.</summary>
    public DeterministicCode Deterministic => _deterministic.Value;

    private static Repository Open()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Mnist.sln")))
        {
            root = root.Parent;
        }

        var folder = root?.FullName ?? throw new InvalidOperationException("Mnist.sln is in no folder above the tests.");
        var paths = ListWithGit(folder) ?? ListTree(folder);
        return new Repository([.. paths
            .Where(path => File.Exists(Path.Combine(folder, path)))
            .Distinct()
            .Order(StringComparer.Ordinal)
            .Select(path => RepositoryFile.Read(folder, path))]);
    }

    private static string[]? ListWithGit(string folder)
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            git.ErrorDataReceived += (_, _) => { };
            git.BeginErrorReadLine();
            var output = git.StandardOutput.ReadToEnd();
            git.WaitForExit();
            return git.ExitCode == 0 ? output.Split('\0', StringSplitOptions.RemoveEmptyEntries) : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static IEnumerable<string> ListTree(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Intersect(Generated).Any());
}
