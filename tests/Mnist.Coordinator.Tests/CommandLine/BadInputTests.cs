using Mnist.Coordinator.Tests.Support;

namespace Mnist.Coordinator.Tests.CommandLine;

public sealed class BadInputTests : IDisposable
{
    private const int LabelHeader = 8;
    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public BadInputTests() => _data = SyntheticDataset.Write(_folder.At("data"));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--workers 0", "--workers is '0', expected a whole number from 1 to 1024")]
    [InlineData("--workers many", "--workers is 'many', expected a whole number from 1 to 1024")]
    [InlineData("--recipe huge", "--recipe is 'huge', expected one of tiny, small, wide, classic, mlp")]
    [InlineData("--seed -1", "--seed is '-1', expected a whole number from 0 to 18446744073709551615")]
    [InlineData("--epochs 0", "--epochs is '0', expected a whole number from 1 to 100000")]
    [InlineData("--learning-rate NaN", "--learning-rate is 'NaN', expected a number above 0")]
    [InlineData("--warmup 1.5", "--warmup is '1.5', expected 0 to 1")]
    [InlineData("--ema 1", "--ema is '1', expected 0 or more, below 1")]
    [InlineData("--optimizer sdg", "--optimizer is 'sdg', expected one of adam, sgd")]
    [InlineData("--target-accuracy 99", "--target-accuracy is '99', expected a number above 0, at most 1")]
    [InlineData("--checkpoint-interval 0", "--checkpoint-interval is '0', expected seconds above 0, at most 86400")]
    [InlineData("--engine gpu", "--engine is 'gpu', expected one of simd, torch")]
    [InlineData("--torch-device cpu", "--torch-device is 'cpu', but --engine is 'simd', expected torch")]
    [InlineData("--slices 3", "slices is 3, expected a power of two from 1 to 4096")]
    [InlineData("--batch 100", "globalBatch is 100, expected a multiple of slices, which is 8")]
    [InlineData("--validation 600", "validationSamples is 600, expected 0 to 599")]
    [InlineData("--augment --no-augment", "--augment and --no-augment are both given, expected one of them")]
    [InlineData("--frobnicate", "Unrecognized command or argument '--frobnicate'.")]
    public async Task A_wrong_option_is_one_line_that_names_it(string options, string error)
    {
        var finished = await TrainAsync(options.Split(' '));

        finished.ExpectExitCode(2).ExpectError(error);
        Assert.Empty(finished.Output);
        AssertNothingWasLeft();
    }

    [Fact]
    public async Task A_truncated_file_is_named()
    {
        Damage(SyntheticDataset.TrainingImages(_data), content => content[..^1000]);

        await AssertRefusedAsync("train-images-idx3-ubyte: ", "bytes, expected ");
    }

    [Fact]
    public async Task A_wrong_magic_number_is_named()
    {
        Damage(SyntheticDataset.TrainingLabels(_data), content => [0, 0, 8, 3, .. content[4..]]);

        await AssertRefusedAsync("train-labels-idx1-ubyte: ", "magic number");
    }

    [Fact]
    public async Task A_label_out_of_range_is_named()
    {
        Damage(SyntheticDataset.TrainingLabels(_data), content =>
        {
            content[LabelHeader + 5] = 11;
            return content;
        });

        await AssertRefusedAsync("train-labels-idx1-ubyte: ", "label 5 is 11, expected 0 to 9");
    }

    [Fact]
    public async Task A_cache_that_does_not_hold_mnist_is_refused()
    {
        SyntheticDataset.Write(_folder.At("cache", "mnist"));

        var finished = await MnistProcess.RunAsync(_folder, "train");

        Assert.Contains("train-images-idx3-ubyte: SHA-256 is ", finished.ExpectExitCode(2).Error, StringComparison.Ordinal);
        Assert.Contains("mnist data fetch --force", finished.Error, StringComparison.Ordinal);
        AssertNothingWasLeft();
    }

    [Fact]
    public async Task A_folder_that_cannot_be_created_is_refused_before_training()
    {
        await File.WriteAllTextAsync(_folder.At("occupied"), "a file", TestContext.Current.CancellationToken);

        var finished = await TrainAsync("--out", Path.Combine("occupied", "results"));

        finished.ExpectExitCode(2).ExpectError("--out occupied/results: cannot be created: ");
        Assert.Empty(finished.Output);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_refused_before_training()
    {
        // Root may write anywhere but into the kernel's own file systems.
        var finished = await TrainAsync("--out", "/proc/self");

        finished.ExpectExitCode(2).ExpectError("--out /proc/self: cannot be written: ");
        Assert.Empty(finished.Output);
    }

    [Fact]
    public async Task A_disk_that_is_full_is_one_line_and_leaves_no_half_written_file()
    {
        const int Kibibytes = 16;
        using var process = MnistProcess.StartWithFileLimit(
            _folder, Kibibytes, "train", "--data", _data, "--epochs", "1", "--recipe", "tiny", "--out", "full");

        var finished = await process.WaitAsync();

        finished.ExpectExitCode(1).ExpectError("a checkpoint cannot be written: ");
        Assert.False(File.Exists(_folder.At("full", "result.json")));
        Assert.False(File.Exists(_folder.At("full", "model.safetensors")));
        Assert.Empty(Directory.GetFiles(_folder.At("full"), "*.tmp", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task An_error_is_a_json_line_too_where_json_is_asked_for()
    {
        var finished = await TrainAsync("--json", "--data", "nowhere");

        finished.ExpectExitCode(2).ExpectError("nowhere: no such folder");
        Assert.Equal($"error: {finished.Event("error")["message"]}", finished.Error);
    }

    [Fact]
    public async Task Help_names_every_option_and_the_exit_codes()
    {
        var finished = await MnistProcess.RunAsync(_folder, "train", "--help");

        var text = string.Join('\n', finished.ExpectExitCode(0).Output);
        Assert.All(
            ["--recipe", "--workers", "--resume", "--target-accuracy", "Examples:", "130  interrupted by Ctrl-C (SIGINT)"],
            expected => Assert.Contains(expected, text, StringComparison.Ordinal));
    }

    private static void Damage(string path, Func<byte[], byte[]> change) => File.WriteAllBytes(path, change(File.ReadAllBytes(path)));

    private async Task AssertRefusedAsync(params string[] parts)
    {
        var finished = (await TrainAsync()).ExpectExitCode(2);
        Assert.All(parts, part => Assert.Contains(part, finished.Error, StringComparison.Ordinal));
        Assert.Empty(finished.Output);
        AssertNothingWasLeft();
    }

    private Task<Finished> TrainAsync(params string[] options) =>
        MnistProcess.RunAsync(_folder, ["train", .. options.Contains("--data") ? [] : new[] { "--data", _data }, .. options]);

    private void AssertNothingWasLeft() => Assert.False(Directory.Exists(_folder.At("runs")), "runs: exists, expected nothing");
}
