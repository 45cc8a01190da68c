using Mnist.Coordinator.Runs;
using Mnist.Coordinator.Tests.Support;
using Mnist.Learning;

namespace Mnist.Coordinator.Tests.Runs;

public sealed class RunClaimTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_claim_given_back_before_a_run_was_begun_leaves_no_trace()
    {
        RunClaim.ForNewRun(new RunFolder(_folder.At("a", "b"))).Dispose();

        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_claim_keeps_the_folder_of_a_run_that_was_begun()
    {
        var folder = new RunFolder(_folder.At("run"));
        using (RunClaim.ForNewRun(folder))
        {
            File.WriteAllText(folder.ManifestPath, "{}");
        }

        Assert.True(folder.IsInterrupted);
    }

    [Fact]
    public void A_folder_can_be_claimed_once_at_a_time()
    {
        var folder = new RunFolder(_folder.At("run"));
        using var claim = RunClaim.ForNewRun(folder);

        var refused = Assert.Throws<InvalidInputException>(() => RunClaim.ForNewRun(folder));

        Assert.Contains("another process works on the run there", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interrupted_run_in_use_is_passed_over_and_a_free_one_is_claimed()
    {
        var folder = new RunFolder(_folder.At("run"));
        using (RunClaim.ForNewRun(folder))
        {
            File.WriteAllText(folder.ManifestPath, "{}");
            Assert.Null(RunClaim.ForInterruptedRunUnlessInUse(folder));
        }

        using var claim = RunClaim.ForInterruptedRunUnlessInUse(folder);
        Assert.NotNull(claim);
    }

    [Fact]
    public void Claiming_an_interrupted_run_removes_half_written_files()
    {
        var folder = new RunFolder(_folder.At("run"));
        Directory.CreateDirectory(folder.Path);
        File.WriteAllText(folder.ManifestPath, "{}");
        var leftover = Path.Combine(folder.Path, ".model.safetensors.x1y2.tmp");
        File.WriteAllText(leftover, "half");

        using var claim = RunClaim.ForInterruptedRun(folder);

        Assert.False(File.Exists(leftover));
    }
}
