using Mnist.Learning;

namespace Mnist.Coordinator.Runs;

/// <summary>
/// The right to work on a run's folder, held by one process at a time through a lock on a file, which the operating system
/// releases however the process ends. A claim that is given back before a run was begun leaves no trace.
/// </summary>
internal sealed class RunClaim : IDisposable
{
    private readonly FileStream _lock;
    private readonly IReadOnlyList<string> _createdFolders;

    private RunClaim(RunFolder folder, FileStream lockFile, IReadOnlyList<string> createdFolders)
    {
        Folder = folder;
        _lock = lockFile;
        _createdFolders = createdFolders;
    }

    /// <summary>The folder.</summary>
    public RunFolder Folder { get; }

    /// <summary>Claims a folder for a new run and creates it where need be.</summary>
    /// <exception cref="InvalidInputException">The folder cannot be written, is in use, or holds a run.</exception>
    public static RunClaim ForNewRun(RunFolder folder)
    {
        var claim = Take(folder, Create(folder)) ?? throw InUse(folder);
        if (!folder.HasRun && !folder.HasResult)
        {
            return claim;
        }

        claim.Dispose();
        var kind = folder.IsCancelled ? "a cancelled" : "a finished";
        throw new InvalidInputException(folder.IsInterrupted
            ? $"--out {folder.Path}: holds an interrupted run; continue it with --resume, or choose another folder"
            : $"--out {folder.Path}: holds {kind} run; choose another folder, or delete this one");
    }

    /// <summary>Claims the folder of an interrupted run.</summary>
    /// <returns>The claim, or null where the run was finished meanwhile.</returns>
    /// <exception cref="InvalidInputException">The folder cannot be written, or a living process works on the run.</exception>
    public static RunClaim? ForInterruptedRun(RunFolder folder) => UnlessFinished(Take(folder, []) ?? throw InUse(folder));

    /// <summary>Claims the folder of an interrupted run.</summary>
    /// <returns>The claim, or null where the run was finished meanwhile or a living process works on it.</returns>
    /// <exception cref="InvalidInputException">The folder cannot be written.</exception>
    public static RunClaim? ForInterruptedRunUnlessInUse(RunFolder folder) =>
        Take(folder, []) is { } claim ? UnlessFinished(claim) : null;

    /// <summary>Claims the folder of a run that will not go on.</summary>
    /// <returns>The claim, or null where a living process works on the run.</returns>
    /// <exception cref="InvalidInputException">The folder cannot be written.</exception>
    public static RunClaim? ForEndedRunUnlessInUse(RunFolder folder) => Take(folder, []);

    /// <inheritdoc/>
    public void Dispose()
    {
        // The lock file of a run stays: removing it would race with a process that has opened it and waits for its turn.
        var isUnused = !Folder.HasRun && !Folder.HasResult;
        _lock.Dispose();
        if (!isUnused)
        {
            return;
        }

        try
        {
            File.Delete(Folder.LockPath);
            foreach (var created in _createdFolders)
            {
                Directory.Delete(created);
            }
        }
        catch (IOException)
        {
            // Somebody else has put something there meanwhile: it stays.
        }
    }

    private static RunClaim? UnlessFinished(RunClaim claim)
    {
        if (!claim.Folder.IsInterrupted)
        {
            claim.Dispose();
            return null;
        }

        foreach (var leftover in Directory.EnumerateFiles(claim.Folder.Path, ".*.tmp"))
        {
            // Of a process that was killed while it wrote a file; nobody else writes here while the lock is held.
            File.Delete(leftover);
        }

        return claim;
    }

    /// <summary>Takes the lock.</summary>
    /// <returns>The claim, or null where another process holds the lock.</returns>
    private static RunClaim? Take(RunFolder folder, IReadOnlyList<string> createdFolders)
    {
        try
        {
            var lockFile = new FileStream(folder.LockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new RunClaim(folder, lockFile, createdFolders);
        }
        catch (IOException) when (File.Exists(folder.LockPath))
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"--out {folder.Path}: cannot be written: {exception.Message}", exception);
        }
    }

    private static InvalidInputException InUse(RunFolder folder) =>
        new($"--out {folder.Path}: another process works on the run there; wait until it ends, or choose another folder");

    /// <summary>Creates the folder and its parents.</summary>
    /// <returns>Those that were not there before, the deepest first.</returns>
    private static List<string> Create(RunFolder folder)
    {
        var created = new List<string>();
        try
        {
            for (var path = Path.GetFullPath(folder.Path); path is not null && !Directory.Exists(path); path = Path.GetDirectoryName(path))
            {
                created.Add(path);
            }

            Directory.CreateDirectory(folder.Path);
            return created;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InvalidInputException($"--out {folder.Path}: cannot be created: {exception.Message}", exception);
        }
    }
}
