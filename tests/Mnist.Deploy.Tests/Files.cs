namespace Mnist.Deploy.Tests;

/// <summary>Files of the repository.</summary>
internal static class Files
{
    /// <summary>The folder of the repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Path of a file or folder.</summary>
    /// <param name="path">Below the repository's folder.</param>
    public static string At(string path) => Path.Combine(Root, path);

    /// <summary>Text of a file.</summary>
    /// <param name="path">Below the repository's folder.</param>
    public static string Read(string path) => File.ReadAllText(At(path));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Mnist.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("Mnist.sln is in no folder above the tests.");
    }
}
