using System.Runtime.InteropServices;
using Mnist.Clustering.Transport;

namespace Mnist.Clustering.Liveness;

/// <summary>
/// A mutex of threads of several processes, in memory that all have mapped. When the thread that holds it ends, and be it that the process
/// is killed, the kernel gives it to one that waits (<c>PTHREAD_MUTEX_ROBUST</c>, pthread_mutexattr_setrobust(3)). It does so as one of the
/// first things in a thread's end, before the memory of the process is given back and its connections are closed.
/// </summary>
/// <param name="memory">The memory.</param>
/// <param name="offset">Where in it the mutex is; a multiple of 8.</param>
internal sealed unsafe partial class RobustMutex(MappedFile memory, int offset)
{
    /// <summary>More than any system's mutex has.</summary>
    public const int Bytes = 128;

    // The values of Linux, with either C library.
    private const int Robust = 1;
    private const int OfProcesses = 1;
    private const int Done = 0;
    private const int OwnerIsDead = 130;

    private byte* Mutex => memory.First + offset;

    /// <summary>Makes a mutex of zeros, which nobody holds.</summary>
    /// <returns>False where the system has none.</returns>
    public bool TryCreate()
    {
        var attributes = stackalloc byte[Bytes];
        return InitializeAttributes(attributes) == Done
            && SetOwners(attributes, OfProcesses) == Done
            && SetRobust(attributes, Robust) == Done
            && Initialize(Mutex, attributes) == Done;
    }

    /// <summary>Waits for the mutex, which the thread holds from then on until it ends.</summary>
    /// <returns>False where that cannot be.</returns>
    public bool TryHold() => Lock(Mutex) == Done;

    /// <summary>Waits until nobody holds the mutex any more.</summary>
    /// <returns>False where it cannot be known.</returns>
    public bool AwaitEnd() => HasEndedBy(Lock(Mutex));

    /// <summary>True where nobody holds the mutex any more.</summary>
    public bool HasEnded() => HasEndedBy(TryLock(Mutex));

    private bool HasEndedBy(int result)
    {
        if (result == OwnerIsDead)
        {
            // Without this the mutex would be of no use any more, of which glibc wakes only some of those who wait.
            _ = MakeConsistent(Mutex);
        }

        var isHeldHere = result is Done or OwnerIsDead;
        if (isHeldHere)
        {
            // So that others see it as well.
            _ = Unlock(Mutex);
        }

        return isHeldHere;
    }

    [LibraryImport("libc", EntryPoint = "pthread_mutexattr_init")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int InitializeAttributes(byte* attributes);

    [LibraryImport("libc", EntryPoint = "pthread_mutexattr_setpshared")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetOwners(byte* attributes, int owners);

    [LibraryImport("libc", EntryPoint = "pthread_mutexattr_setrobust")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetRobust(byte* attributes, int robustness);

    [LibraryImport("libc", EntryPoint = "pthread_mutex_init")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Initialize(byte* mutex, byte* attributes);

    [LibraryImport("libc", EntryPoint = "pthread_mutex_lock")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Lock(byte* mutex);

    [LibraryImport("libc", EntryPoint = "pthread_mutex_trylock")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int TryLock(byte* mutex);

    [LibraryImport("libc", EntryPoint = "pthread_mutex_consistent")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MakeConsistent(byte* mutex);

    [LibraryImport("libc", EntryPoint = "pthread_mutex_unlock")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Unlock(byte* mutex);
}
