namespace Mnist.Coordinator.Tests.Support;

/// <summary>An empty folder for one test, removed with what is in it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mnist-tests-");

    public string Path => _folder.FullName;

    public string At(params string[] names) => System.IO.Path.Combine([Path, .. names]);

    public void Dispose() => _folder.Delete(recursive: true);
}
