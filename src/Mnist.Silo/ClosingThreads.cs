using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mnist.Silo;

/// <summary>
/// Threads that end last when the process is killed. Whichever thread does so gives the memory back, which takes 10 to 30 ms; Linux may
/// leave that thread a core that other silos of the machine compute on until the scheduler's next tick. These have the lowest priority,
/// so that it happens while such a core is idle (docs/CLUSTER.md, "A worker that is gone").
/// </summary>
/// <remarks>
/// One for each processor, bound to it: all threads are woken to end, and on each processor those of usual priority go first. A single one
/// would be the last only if it were on the processor where the others take longest. The lowest priority, not the policy that runs
/// when there is nothing else to do (<c>SCHED_IDLE</c>): under load the ports of the process would stay taken for seconds.
/// </remarks>
internal static partial class ClosingThreads
{
    /// <summary>The name of these threads.</summary>
    public const string Name = "closing";

    /// <summary>The priority of these threads, as of <c>nice</c>.</summary>
    public const int Priority = 19;
    private const int StackBytes = 64 * 1024;
    private const int CallingThread = 0;
    private const int OfThread = 0;

    /// <summary>Starts the threads, where there is Linux, and returns when all of them wait for the end.</summary>
    public static void Start()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var allowed = new ProcessorSet();
        _ = GetAffinity(CallingThread, ProcessorSet.Bytes, ref allowed);
        using var starting = new CountdownEvent(1);
        for (var processor = 0; processor < ProcessorSet.Bits; processor++)
        {
            var (word, bit) = (processor / 64, 1UL << (processor % 64));
            if ((allowed[word] & bit) != 0)
            {
                var own = new ProcessorSet();
                own[word] = bit;
                starting.AddCount();
                new Thread(() => Wait(own, starting), StackBytes) { IsBackground = true, Name = Name }.Start();
            }
        }

        starting.Signal();
        starting.Wait();
    }

    private static void Wait(ProcessorSet processor, CountdownEvent starting)
    {
        // Where the system refuses, the thread is one like others, and nothing depends on it.
        _ = SetAffinity(CallingThread, ProcessorSet.Bytes, ref processor);
        _ = SetPriority(OfThread, CallingThread, Priority);
        starting.Signal();
        Thread.Sleep(Timeout.Infinite);
    }

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetAffinity(int thread, nint bytes, ref ProcessorSet processors);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetAffinity(int thread, nint bytes, ref ProcessorSet processors);

    [LibraryImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetPriority(int which, int who, int priority);

    /// <summary><c>cpu_set_t</c>: a bit for each of 1,024 processors.</summary>
    [InlineArray(Words)]
    private struct ProcessorSet
    {
        public const int Bits = 64 * Words;
        public const int Bytes = sizeof(ulong) * Words;
        private const int Words = 16;
        private ulong _first;
    }
}
