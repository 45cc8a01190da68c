using System.Text;

namespace Mnist.Learning.Torch.Tests;

public sealed class ElfVersionsTests
{
    private const string Unused = "GLIBCXX_3.4.32";
    private const string Used = "GLIBCXX_3.4.21";

    private static string Library { get; } = Path.Combine(AppContext.BaseDirectory, "runtimes/linux-x64/native/libLibTorchSharp.so");

    public static bool HasLibrary => File.Exists(Library);

    [Fact(Skip = "the library for Linux is not in this build", SkipUnless = nameof(HasLibrary))]
    public void A_version_of_which_nothing_is_referred_to_is_made_weak()
    {
        var original = File.ReadAllBytes(Library);
        var image = original.ToArray();

        Assert.True(ElfVersions.TryMakeWeak(image, Unused));

        var changed = Assert.Single(Enumerable.Range(0, image.Length), i => image[i] != original[i]);
        Assert.Equal(original[changed] | 2, image[changed]);
    }

    [Theory(Skip = "the library for Linux is not in this build", SkipUnless = nameof(HasLibrary))]
    [InlineData(Used)]
    [InlineData("GLIBCXX_3.4")]
    [InlineData("GLIBCXX_9.9.99")]
    [InlineData("")]
    public void A_version_that_is_needed_or_not_asked_for_stays(string version)
    {
        var original = File.ReadAllBytes(Library);
        var image = original.ToArray();

        Assert.False(ElfVersions.TryMakeWeak(image, version));
        Assert.Equal(original, image);
    }

    [Theory(Skip = "the library for Linux is not in this build", SkipUnless = nameof(HasLibrary))]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(64)]
    [InlineData(100_000)]
    public void A_library_that_is_cut_off_is_left_alone(int length) =>
        Assert.False(ElfVersions.TryMakeWeak(File.ReadAllBytes(Library).AsSpan(0, length), Unused));

    [Fact]
    public void Another_kind_of_file_is_left_alone() =>
        Assert.False(ElfVersions.TryMakeWeak(Encoding.ASCII.GetBytes(new string('x', 5000)), Unused));
}
