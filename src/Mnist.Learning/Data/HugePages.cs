using System.Runtime.InteropServices;

namespace Mnist.Learning.Data;

/// <summary>
/// Memory in pages of 2 MB instead of 4 kB, where Linux gives them to programs that ask. The kernel makes each page when it is first
/// written and takes it back when the process ends, at a cost a page; and the processor looks pages up when data are read in no order.
/// </summary>
internal static partial class HugePages
{
    private const int AdviseHugePages = 14;
    private const nint PageSize = 2 << 20;

    /// <summary>Asks for huge pages for a new array before it is filled. Where there are none, it stays as it is.</summary>
    /// <param name="array">An array that is not moved: one of large objects.</param>
    public static unsafe void Advise(byte[] array)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        fixed (byte* first = array)
        {
            // Whole pages only: what is beside the array is not its own.
            var start = ((nint)first + PageSize - 1) & -PageSize;
            var length = ((nint)first + array.Length - start) & -PageSize;
            if (length > 0)
            {
                // Advice: a kernel without huge pages refuses it, and nothing depends on it.
                _ = AdviseMemory(start, length, AdviseHugePages);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int AdviseMemory(nint address, nint length, int advice);
}
