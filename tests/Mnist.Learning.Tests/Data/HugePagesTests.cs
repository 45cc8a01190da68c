using System.Globalization;
using Mnist.Learning.Data;

namespace Mnist.Learning.Tests.Data;

public sealed class HugePagesTests
{
    private const string Setting = "/sys/kernel/mm/transparent_hugepage/enabled";

    [Fact]
    public unsafe void Linux_is_asked_for_huge_pages_for_an_array()
    {
        Assert.SkipUnless(File.Exists(Setting), "this system has no transparent huge pages");
        var array = GC.AllocateUninitializedArray<byte>(8 << 20);

        HugePages.Advise(array);

        fixed (byte* first = array)
        {
            Assert.Contains("hg", FlagsAt((nuint)first + ((nuint)array.Length / 2)));
        }
    }

    /// <summary>What the system was told about the memory at an address.</summary>
    private static string[] FlagsAt(nuint address)
    {
        var isThere = false;
        foreach (var line in File.ReadLines("/proc/self/smaps"))
        {
            // A mapping begins with its bounds, 7f0000000000-7f0000200000, and ends with its flags.
            var word = line.Split(' ', 2)[0];
            if (word == "VmFlags:" && isThere)
            {
                return line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            }

            if (word.Split('-') is [var start, var end] && nuint.TryParse(start, NumberStyles.HexNumber, null, out var from))
            {
                isThere = address >= from && address < nuint.Parse(end, NumberStyles.HexNumber, null);
            }
        }

        return [];
    }
}
