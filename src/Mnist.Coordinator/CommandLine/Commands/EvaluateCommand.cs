using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Mnist.Coordinator.Models;
using Mnist.Coordinator.Output;
using Mnist.Coordinator.Reports.Pictures;
using Mnist.Learning;
using Mnist.Learning.Evaluation;
using Mnist.Learning.Files;
using Mnist.Learning.Imaging;

namespace Mnist.Coordinator.CommandLine.Commands;

/// <summary><c>mnist evaluate</c>: measures a model on the test split.</summary>
internal static class EvaluateCommand
{
    /// <summary>How it is used.</summary>
    public static string[] Examples { get; } =
    [
        "mnist evaluate --model runs/ID/model.safetensors",
        "mnist evaluate --model model.safetensors --data ~/fashion-mnist --json",
    ];

    /// <summary>Makes the command.</summary>
    public static Command Create(Interruption interruption)
    {
        var model = OptionFactory.FilePath(
            "--model", "FILE", "Model that `mnist train` wrote [default: that of the newest finished run under runs/]");
        var output = OptionFactory.FilePath(
            "--out", "DIR", "Folder for evaluation.json and confusion.png, created if need be [default: nothing is written]");
        var command = new Command("evaluate", "Measure a trained model on the test split") { model, GlobalOptions.Data, output };
        command.SetAction(async (result, _) =>
        {
            var mode = Terminal.Mode(result.GetValue(GlobalOptions.Json));
            var (loaded, path) = ModelLoader.Load(result.GetValue(model));
            var dataset = await DatasetLoader.LoadAsync(result.GetValue(GlobalOptions.Data), mode, interruption.Token);
            var start = Stopwatch.GetTimestamp();
            var summary = ParallelEvaluator.Evaluate(loaded, dataset.Test, interruption.Token);
            var evaluation = EvaluationEvent.From(path, loaded, dataset, summary, Stopwatch.GetElapsedTime(start));
            if (result.GetValue(output) is { } folder)
            {
                Write(folder, evaluation, summary);
            }

            if (mode == OutputMode.Json)
            {
                JsonLines.Write(evaluation, EventJsonContext.Default.EvaluationEvent);
            }
            else
            {
                Print(evaluation, summary);
            }
        });
        return command;
    }

    private static void Print(EvaluationEvent evaluation, EvaluationSummary summary)
    {
        var rate = evaluation.Images / evaluation.Seconds;
        var images = TrainingText.Count(evaluation.Images, "image");
        Console.Out.WriteLine($"{evaluation.Model} on {evaluation.Dataset}: {images}, {rate:N0} images/s");
        Console.Out.WriteLine($"test accuracy  {TrainingText.Percent(evaluation.Accuracy)}");
        Console.Out.WriteLine($"test loss      {evaluation.Loss:F4}");
        Console.Out.WriteLine($"worst classes  {ConfusionText.WorstClasses(summary.Confusion)}");
        Console.Out.WriteLine();
        foreach (var line in ConfusionText.Table(summary.Confusion))
        {
            Console.Out.WriteLine(line);
        }
    }

    private static void Write(string folder, EvaluationEvent evaluation, EvaluationSummary summary)
    {
        try
        {
            Directory.CreateDirectory(folder);
            AtomicFile.WriteAllBytes(Path.Combine(folder, "confusion.png"), PngWriter.Encode(ConfusionPicture.Draw(summary)));
            AtomicFile.WriteAllBytes(
                Path.Combine(folder, "evaluation.json"),
                JsonSerializer.SerializeToUtf8Bytes(evaluation, EventJsonContext.Default.EvaluationEvent));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"--out {folder}: cannot be written: {exception.Message}", exception);
        }
    }
}
