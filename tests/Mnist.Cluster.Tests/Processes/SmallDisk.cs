namespace Mnist.Cluster.Tests.Processes;

/// <summary>A file system of little room, in memory; unmounted when the test ends.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly string _path;

    private SmallDisk(string path) => _path = path;

    private string Filler => Path.Combine(_path, "filler");

    /// <summary>Mounts one, or skips the test where that is not allowed.</summary>
    public static async Task<SmallDisk> MountAsync(string path, int kibibytes)
    {
        Directory.CreateDirectory(path);
        await using var mount = ChildProcess.Start(
            "mount", "/", Programs.Find("mount")!, "-t", "tmpfs", "-o", $"size={kibibytes}k", "tmpfs", path);
        Assert.SkipUnless(await mount.WaitForExitAsync() == 0, $"a small file system cannot be mounted here: {mount.Describe()}");
        return new SmallDisk(path);
    }

    /// <summary>Takes all the room that is left.</summary>
    public void Fill()
    {
        using var filler = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1);
        try
        {
            while (true)
            {
                filler.Write(new byte[1024]);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    /// <summary>Gives the room back.</summary>
    public void MakeRoom() => File.Delete(Filler);

    public async ValueTask DisposeAsync()
    {
        await using var unmount = ChildProcess.Start("umount", "/", Programs.Find("umount")!, "-l", _path);
        await unmount.WaitForExitAsync();
    }
}
