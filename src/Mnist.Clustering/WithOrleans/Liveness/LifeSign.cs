using Mnist.Clustering.Transport;

namespace Mnist.Clustering.Liveness;

/// <summary>
/// A file in memory by which processes of one machine see that another one is there: it has a mutex that a thread of that process holds.
/// </summary>
internal static unsafe class LifeSign
{
    // Changes whenever the layout does.
    private const long Layout = 0x4D4E_4953_544C_4653;
    private const int MutexOffset = 64;
    private const int Length = MutexOffset + RobustMutex.Bytes;
    private const int StackBytes = 64 * 1024;

    /// <summary>Shows that this process is there, for as long as it is.</summary>
    /// <param name="path">A file in memory. It is there when the method returns, and stays when the process is killed.</param>
    /// <returns>False where that cannot be shown.</returns>
    public static bool TryShow(string path)
    {
        // Nobody finds the file before the mutex is held.
        var unfinished = $"{path}.{Environment.ProcessId}";
        if (MappedFile.Create(unfinished, Length) is not { } file)
        {
            return false;
        }

        using var held = new ManualResetEventSlim();
        var (mutex, isHeld) = (new RobustMutex(file, MutexOffset), false);
        Start("alive", () =>
        {
            isHeld = mutex.TryCreate() && mutex.TryHold();
            held.Set();
            Thread.Sleep(isHeld ? Timeout.Infinite : 0);
            file.Dispose();
        });
        held.Wait();
        if (isHeld)
        {
            *(long*)file.First = Layout;
            if (TryRename(unfinished, path))
            {
                return true;
            }
        }

        SharedMemoryPath.Remove(unfinished);
        return false;
    }

    /// <summary>Waits for the end of a process, on a thread of its own.</summary>
    /// <param name="path">The file that the process shows.</param>
    /// <returns>A task that ends with the process, on that thread; null where there is no such file.</returns>
    public static Task? EndOf(string path)
    {
        if (Find(path) is not { } file)
        {
            return null;
        }

        // Whoever waits goes on elsewhere: what comes next may take long.
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Start("watching", () =>
        {
            if (new RobustMutex(file, MutexOffset).AwaitEnd())
            {
                end.SetResult();
                SharedMemoryPath.Remove(path);
            }

            file.Dispose();
        });
        return end.Task;
    }

    /// <summary>Removes files of processes that are not there any more.</summary>
    /// <param name="paths">Files.</param>
    public static void RemoveEnded(IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            using var file = Find(path);
            if (file is not null && new RobustMutex(file, MutexOffset).HasEnded())
            {
                SharedMemoryPath.Remove(path);
            }
        }
    }

    private static MappedFile? Find(string path)
    {
        if (!File.Exists(path) || MappedFile.Open(path, Length) is not { } file)
        {
            return null;
        }

        if (*(long*)file.First == Layout)
        {
            return file;
        }

        file.Dispose();
        return null;
    }

    private static bool TryRename(string from, string to)
    {
        try
        {
            File.Move(from, to, overwrite: true);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void Start(string name, Action act) => new Thread(() => act(), StackBytes) { IsBackground = true, Name = name }.Start();
}
