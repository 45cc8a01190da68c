using System.Runtime.InteropServices;
using System.Runtime.Loader;
using TorchSharp;

namespace Mnist.Learning.Torch;

/// <summary>
/// Lets TorchSharp run where libstdc++ is older than GCC 13's: on Debian 12, Ubuntu 22.04 or RHEL 9. Its library is linked with
/// GCC 13 and asks for version <c>GLIBCXX_3.4.32</c> for the sake of one symbol that nothing in it refers to, and the dynamic linker
/// refuses it. In a copy of the library, that requirement is marked as weak: the linker then does without.
/// </summary>
internal static class OlderStandardLibrary
{
    private const string Version = "GLIBCXX_3.4.32";
    private const string LibraryName = "LibTorchSharp";

    /// <summary>
    /// Offers a copy of the library to whoever looks for it in vain. Does nothing where something else keeps the library from being
    /// loaded: the search then fails with the linker's own words.
    /// </summary>
    /// <exception cref="IOException">The copy cannot be written.</exception>
    public static void OfferLibrary()
    {
        if (OperatingSystem.IsLinux() && Find($"lib{LibraryName}.so") is { } path && File.ReadAllBytes(path) is var image
            && ElfVersions.TryMakeWeak(image, Version) && LoadCopy(image) is { } library)
        {
            AssemblyLoadContext.Default.ResolvingUnmanagedDll += (assembly, name) =>
                assembly == typeof(torch).Assembly && name == LibraryName ? library : 0;
        }
    }

    private static nint? LoadCopy(byte[] image)
    {
        // The copy lies elsewhere: what it would look for beside itself has to be there already.
        if (Find("libtorch.so") is not { } dependency || !NativeLibrary.TryLoad(dependency, out _))
        {
            return null;
        }

        var copy = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(copy, image);
            return NativeLibrary.TryLoad(copy, out var library) ? library : null;
        }
        finally
        {
            // What is mapped stays.
            File.Delete(copy);
        }
    }

    /// <summary>Where the runtime looks for libraries: the folders of the packages, then the program's.</summary>
    private static string? Find(string file) =>
        $"{AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES")}:{AppContext.BaseDirectory}"
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, file))
            .FirstOrDefault(File.Exists);
}
