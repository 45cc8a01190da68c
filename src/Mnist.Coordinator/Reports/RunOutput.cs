using System.Text;
using Mnist.Coordinator.Reports.Html;
using Mnist.Coordinator.Reports.Pictures;
using Mnist.Coordinator.Service;
using Mnist.Learning;
using Mnist.Learning.Files;
using Mnist.Learning.Imaging;

namespace Mnist.Coordinator.Reports;

/// <summary>Writes the files of a finished run.</summary>
internal static class RunOutput
{
    /// <summary>Name of the file for programs; written last, so that a folder that has it has all of them.</summary>
    public const string ResultName = "result.json";

    /// <summary>Name of the model's file.</summary>
    public const string ModelName = "model.safetensors";

    /// <summary>Writes all files, each whole or not at all.</summary>
    /// <param name="directory">The folder; created if need be.</param>
    /// <param name="report">The run.</param>
    /// <param name="fileSystem">Where to write; the machine's file system if null.</param>
    /// <exception cref="InvalidInputException">The folder cannot be written, the disk is full …</exception>
    public static void Write(string directory, RunReport report, IFileSystem? fileSystem = null) => Guard(directory, () =>
    {
        (string Name, Func<byte[]> Make)[] files =
        [
            ("samples.png", () => PngWriter.Encode(SamplesPicture.Draw(report.Dataset))),
            ("correct.png", () => PngWriter.Encode(CorrectPicture.Draw(report))),
            ("misclassified.png", () => PngWriter.Encode(MisclassifiedPicture.Draw(report))),
            ("confusion.png", () => PngWriter.Encode(ConfusionPicture.Draw(report.Evaluation))),
            ("curves.png", () => PngWriter.Encode(CurvesPicture.Draw(report))),
            ("metrics.csv", () => Encoding.UTF8.GetBytes(MetricsCsv.Format(report.Epochs.Select(EpochMetrics.Of)))),
            ("report.html", () => Encoding.UTF8.GetBytes(HtmlReport.Format(report))),
            (ResultName, () => Encoding.UTF8.GetBytes(ResultJson.Format(report))),
        ];

        // Pictures take longer than anything else here, and the user waits.
        var contents = files.AsParallel().AsOrdered().Select(file => file.Make()).ToArray();
        Directory.CreateDirectory(directory);
        ModelFile.Write(Path.Combine(directory, ModelName), report.Spec, report.Layout, report.State, fileSystem);
        foreach (var (file, content) in files.Zip(contents))
        {
            AtomicFile.WriteAllBytes(Path.Combine(directory, file.Name), content, fileSystem);
        }
    });

    private static void Guard(string directory, Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"--out {directory}: cannot be written: {exception.Message}", exception);
        }
    }
}
