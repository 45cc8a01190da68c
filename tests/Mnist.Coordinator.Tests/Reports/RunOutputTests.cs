using System.Text.Json;
using Mnist.Coordinator.Reports;
using Mnist.Coordinator.Service;
using Mnist.Learning;
using Mnist.Learning.Files;
using Mnist.Learning.Imaging;
using Mnist.Learning.Models;

namespace Mnist.Coordinator.Tests.Reports;

public sealed class RunOutputTests : IDisposable
{
    private static readonly string[] Names =
    [
        "confusion.png", "correct.png", "curves.png", "metrics.csv", "misclassified.png", "model.safetensors", "report.html", "result.json",
        "samples.png",
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mnist-tests-");

    private string Out => Path.Combine(_folder.FullName, "new", "out");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void All_files_are_written()
    {
        var report = SampleRun.Create();

        RunOutput.Write(Out, report);

        Assert.Equal(Names, Directory.GetFiles(Out).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        Assert.All(Directory.GetFiles(Out, "*.png"), path => Assert.InRange(ImageReader.Read(path).Width, 800, 2000));
        var model = ModelFile.Read(Path.Combine(Out, "model.safetensors"), name => Networks.Create(name).Layout);
        Assert.Equal(report.State, model.State);
    }

    [Fact]
    public void The_result_says_what_programs_need()
    {
        RunOutput.Write(Out, SampleRun.Create());

        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Out, "result.json")));
        var result = json.RootElement;
        Assert.Equal("tiny-<7>", result.GetProperty("runId").GetString());
        Assert.Equal("Embedded", result.GetProperty("edition").GetString());
        Assert.Equal("tiny", result.GetProperty("recipe").GetString());
        Assert.Equal(7, result.GetProperty("seed").GetInt32());
        Assert.Equal(4, result.GetProperty("workers").GetInt32());
        Assert.Equal(37 / 40.0, result.GetProperty("testAccuracy").GetDouble());
        Assert.Equal(64, result.GetProperty("weightsSha256").GetString()!.Length);
        Assert.Equal(3.25, result.GetProperty("trainSeconds").GetDouble());
        Assert.Equal(32_000, result.GetProperty("imagesPerSecond").GetDouble());
        Assert.Equal("""{"samples":300,"duplicates":0,"missing":0}""", Compact(result.GetProperty("ledger")));
        var epochs = result.GetProperty("epochs");
        Assert.Equal([1, 2, 3], epochs.EnumerateArray().Select(epoch => epoch.GetProperty("epoch").GetInt32()));
        Assert.Equal(JsonValueKind.Null, epochs[0].GetProperty("validationAccuracy").ValueKind);
        Assert.Equal(0.25, epochs[1].GetProperty("trainLoss").GetDouble());
        Assert.Equal(0.97, epochs[1].GetProperty("testAccuracy").GetDouble());
        Assert.Equal(1.5, epochs[1].GetProperty("seconds").GetDouble());
    }

    [Fact]
    public void The_metrics_have_a_row_an_epoch()
    {
        var lines = MetricsCsv.Format(SampleRun.Create(epochs: 2).Epochs.Select(EpochMetrics.Of)).Split("\r\n");

        Assert.Equal("epoch,trainLoss,trainAccuracy,validationAccuracy,testLoss,testAccuracy,learningRate,seconds", lines[0]);
        Assert.Equal("1,0.5,0.9,,0.3,0.94,0.01,1.5", lines[1]);
        Assert.Equal("2,0.25,0.95,0.975,0.15,0.97,0.005,1.5", lines[2]);
        Assert.Equal(["", lines[3]], ["", ""]);
    }

    [Fact]
    public void A_full_disk_is_reported_in_one_line_and_leaves_whole_files_and_no_result()
    {
        var error = Assert.Throws<InvalidInputException>(() => RunOutput.Write(Out, SampleRun.Create(), new FullDisk(filesThatFit: 4)));

        Assert.StartsWith($"--out {Out}: cannot be written: No space left on device", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Equal(4, Directory.GetFiles(Out).Length);
        Assert.All(Directory.GetFiles(Out), path => Assert.Contains(Path.GetFileName(path), Names));
        Assert.False(File.Exists(Path.Combine(Out, "result.json")));
    }

    [Fact]
    public void A_loss_that_is_not_a_number_does_not_keep_a_result_from_being_written()
    {
        var report = SampleRun.Create();
        var broken = report with { Epochs = [report.Epochs[0] with { TrainLoss = double.NaN, StepLosses = [float.NaN, 0] }] };

        RunOutput.Write(Out, broken);

        Assert.Contains("\"trainLoss\": null", File.ReadAllText(Path.Combine(Out, "result.json")), StringComparison.Ordinal);
    }

    private static string Compact(JsonElement element) => JsonSerializer.Serialize(element);

    private sealed class FullDisk(int filesThatFit) : IFileSystem
    {
        private int _files;

        public Stream CreateNew(string path) => PhysicalFileSystem.Instance.CreateNew(path);

        public void FlushToDisk(Stream stream)
        {
            if (++_files > filesThatFit)
            {
                throw new IOException("No space left on device");
            }

            PhysicalFileSystem.Instance.FlushToDisk(stream);
        }

        public void Rename(string source, string destination) => PhysicalFileSystem.Instance.Rename(source, destination);

        public void FlushFolder(string folder) => PhysicalFileSystem.Instance.FlushFolder(folder);

        public void Delete(string path) => PhysicalFileSystem.Instance.Delete(path);
    }
}
