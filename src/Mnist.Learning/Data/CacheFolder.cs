namespace Mnist.Learning.Data;

/// <summary>Where a user's caches belong on each platform.</summary>
public static class CacheFolder
{
    private const string Name = "mnist";

    /// <summary>
    /// <c>$XDG_CACHE_HOME/mnist</c> where that is set to an absolute path (XDG Base Directory Specification), else
    /// <c>~/.cache/mnist</c> on Linux, <c>~/Library/Caches/mnist</c> on macOS and <c>%LOCALAPPDATA%\mnist\cache</c> on Windows.
    /// </summary>
    public static string ForUser()
    {
        var variable = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (!string.IsNullOrEmpty(variable) && Path.IsPathFullyQualified(variable))
        {
            return Path.Combine(variable, Name);
        }

        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (OperatingSystem.IsWindows())
        {
            return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), Name, "cache");
        }

        return OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Caches", Name) : Path.Combine(home, ".cache", Name);
    }
}
