using System.Buffers.Binary;
using System.Text;

namespace Mnist.Learning.Torch;

/// <summary>
/// Versions of other libraries' symbols that a shared library of Linux asks for: ELF, 64 bits, little-endian, as in "Linux Standard
/// Base Core Specification", chapter Symbol Versioning.
/// </summary>
internal static class ElfVersions
{
    private const uint RelocationsWithAddends = 4;
    private const uint VersionsNeeded = 0x6ffffffe;
    private const uint VersionsOfSymbols = 0x6fffffff;
    private const ushort Weak = 2;
    private const int RelocationLength = 24;

    /// <summary>Marks a version as weak, so that it may be missing, if nothing refers to a symbol of that version.</summary>
    /// <param name="image">The library's bytes; changed.</param>
    /// <param name="version">Name of the version.</param>
    /// <returns>False where the library is of another kind, does not ask for the version, or needs it.</returns>
    public static bool TryMakeWeak(Span<byte> image, string version)
    {
        try
        {
            if (!image.StartsWith("\u007fELF"u8) || image[4] != 2 || image[5] != 1)
            {
                return false;
            }

            var sections = ReadSections(image);
            var requirement = FindRequirement(image, sections, version);
            if (requirement < 0)
            {
                return false;
            }

            var index = Read16(image, requirement + 6);
            var symbols = SymbolsOf(image, sections, index);
            if (RefersToAny(image, sections, symbols))
            {
                return false;
            }

            var flags = image.Slice(requirement + 4, sizeof(ushort));
            BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(flags) | Weak));
            return true;
        }
        catch (Exception exception) when (exception is ArgumentException or OverflowException or IndexOutOfRangeException)
        {
            // A table that points beyond the end.
            return false;
        }
    }

    private static List<Section> ReadSections(ReadOnlySpan<byte> image)
    {
        var start = Read64(image, 40);
        var (length, count) = (Read16(image, 58), Read16(image, 60));
        var sections = new List<Section>(count);
        for (var i = 0; i < count; i++)
        {
            var at = start + (i * length);
            sections.Add(new Section(Read32(image, at + 4), Read64(image, at + 24), Read64(image, at + 32), (int)Read32(image, at + 40)));
        }

        return sections;
    }

    /// <summary>Where the entry of a version is: hash, flags (2 bytes), index (2), name, offset of the next.</summary>
    private static int FindRequirement(ReadOnlySpan<byte> image, List<Section> sections, string version)
    {
        var name = Encoding.ASCII.GetBytes(version + '\0');
        foreach (var section in sections.Where(section => section.Type == VersionsNeeded).ToArray())
        {
            var names = sections[section.Link].Offset;
            for (int library = section.Offset, step = -1; step != 0; library += step)
            {
                var entry = library + (int)Read32(image, library + 8);
                for (var left = Read16(image, library + 2); left > 0; left--)
                {
                    if (image[(names + (int)Read32(image, entry + 8))..].StartsWith(name))
                    {
                        return entry;
                    }

                    entry += (int)Read32(image, entry + 12);
                }

                step = (int)Read32(image, library + 12);
            }
        }

        return -1;
    }

    private static HashSet<int> SymbolsOf(ReadOnlySpan<byte> image, List<Section> sections, ushort version)
    {
        var symbols = new HashSet<int>();
        foreach (var section in sections.Where(section => section.Type == VersionsOfSymbols).ToArray())
        {
            for (var symbol = 0; symbol < section.Length / sizeof(ushort); symbol++)
            {
                if ((Read16(image, section.Offset + (symbol * sizeof(ushort))) & 0x7fff) == version)
                {
                    symbols.Add(symbol);
                }
            }
        }

        return symbols;
    }

    private static bool RefersToAny(ReadOnlySpan<byte> image, List<Section> sections, HashSet<int> symbols)
    {
        foreach (var section in sections.Where(section => section.Type == RelocationsWithAddends).ToArray())
        {
            for (var at = section.Offset; at < section.Offset + section.Length; at += RelocationLength)
            {
                if (symbols.Contains((int)Read32(image, at + 12)))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static ushort Read16(ReadOnlySpan<byte> image, int at) => BinaryPrimitives.ReadUInt16LittleEndian(image[at..]);

    private static uint Read32(ReadOnlySpan<byte> image, int at) => BinaryPrimitives.ReadUInt32LittleEndian(image[at..]);

    private static int Read64(ReadOnlySpan<byte> image, int at) => checked((int)BinaryPrimitives.ReadUInt64LittleEndian(image[at..]));

    private readonly record struct Section(uint Type, int Offset, int Length, int Link);
}
