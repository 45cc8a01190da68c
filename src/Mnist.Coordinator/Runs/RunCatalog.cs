using Mnist.Learning;

namespace Mnist.Coordinator.Runs;

/// <summary>Finds runs on the disk.</summary>
internal static class RunCatalog
{
    /// <summary>Claims the interrupted run that <c>--resume</c> is to continue.</summary>
    /// <param name="outDirectory">
    /// Folder of the run; null takes the newest below <see cref="RunFolder.DefaultParent"/> that no living process works on.
    /// </param>
    /// <returns>The claim, or null where nothing is to be continued.</returns>
    /// <exception cref="InvalidInputException">The folder that was named cannot be written or is in use.</exception>
    public static RunClaim? ClaimInterrupted(string? outDirectory)
    {
        if (outDirectory is not null)
        {
            var folder = new RunFolder(outDirectory);
            return folder.IsInterrupted ? RunClaim.ForInterruptedRun(folder) : null;
        }

        return NewestFirst(folder => folder.IsInterrupted, folder => folder.ManifestPath)
            .Select(RunClaim.ForInterruptedRunUnlessInUse)
            .FirstOrDefault(claim => claim is not null);
    }

    /// <summary>The finished run with the newest model, or null where there is none.</summary>
    public static RunFolder? FindNewestModel() =>
        NewestFirst(folder => folder.HasResult && File.Exists(folder.ModelPath), folder => folder.ResultPath).FirstOrDefault();

    private static IEnumerable<RunFolder> NewestFirst(Func<RunFolder, bool> isWanted, Func<RunFolder, string> file)
    {
        if (!Directory.Exists(RunFolder.DefaultParent))
        {
            return [];
        }

        return Directory.EnumerateDirectories(RunFolder.DefaultParent)
            .Select(path => new RunFolder(path))
            .Where(isWanted)
            .OrderByDescending(folder => File.GetLastWriteTimeUtc(file(folder)))
            .ThenByDescending(folder => folder.Path, StringComparer.Ordinal);
    }
}
