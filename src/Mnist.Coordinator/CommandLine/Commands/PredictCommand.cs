using System.CommandLine;
using Mnist.Coordinator.Models;
using Mnist.Coordinator.Output;
using Mnist.Learning;
using Mnist.Learning.Data;
using Mnist.Learning.Files;
using Mnist.Learning.Imaging;

namespace Mnist.Coordinator.CommandLine.Commands;

/// <summary><c>mnist predict</c>: says which digit a picture shows.</summary>
internal static class PredictCommand
{
    private const int BarLength = 40;

    /// <summary>How it is used.</summary>
    public static string[] Examples { get; } =
    [
        "mnist predict digit.png",
        "mnist predict --model model.safetensors --json photo1.png photo2.pgm",
    ];

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var images = new Argument<string[]>("image")
        {
            Description = "PNG or PGM picture of one digit, of any size, dark on light or light on dark",
            Arity = ArgumentArity.OneOrMore,
        };
        var model = OptionFactory.FilePath(
            "--model", "FILE", "Model that `mnist train` wrote [default: that of the newest finished run under runs/]");
        var command = new Command("predict", "Say which digit a picture shows") { images, model };
        command.SetAction(result =>
        {
            var mode = Terminal.Mode(result.GetValue(GlobalOptions.Json));
            var (loaded, path) = ModelLoader.Load(result.GetValue(model));
            foreach (var image in result.GetRequiredValue(images))
            {
                var pixels = Prepare(image);
                Show(Predict(image, pixels, loaded, path), pixels, mode);
            }
        });
        return command;
    }

    private static byte[] Prepare(string image)
    {
        var picture = ImageReader.Read(image);
        try
        {
            return DigitPreprocessor.Prepare(picture);
        }
        catch (InvalidInputException exception)
        {
            throw new InvalidInputException($"{image}: {exception.Message}", exception);
        }
    }

    private static PredictionEvent Predict(string image, byte[] pixels, ModelFile model, string modelPath)
    {
        var probabilities = ParallelEvaluator.Predict(model.Layout.Network, model.State, new ImageSet(pixels, new byte[1]));
        var confidence = probabilities.Max();
        return new PredictionEvent(image, Array.IndexOf(probabilities, confidence), confidence, probabilities, modelPath);
    }

    private static void Show(PredictionEvent prediction, byte[] pixels, OutputMode mode)
    {
        if (mode == OutputMode.Json)
        {
            JsonLines.Write(prediction, EventJsonContext.Default.PredictionEvent);
            return;
        }

        if (mode == OutputMode.Live)
        {
            DigitStrip.Show([new CaptionedDigit(pixels, "")]);
        }

        Console.Out.WriteLine($"{prediction.Image}: {prediction.Digit} ({TrainingText.Percent(prediction.Confidence)})");
        for (var digit = 0; digit < prediction.Probabilities.Length; digit++)
        {
            var probability = prediction.Probabilities[digit];
            var bar = new string('█', (int)Math.Round(probability * BarLength));
            Console.Out.WriteLine($"  {digit}  {bar.PadRight(BarLength, '·')}  {TrainingText.Percent(probability),8}");
        }
    }
}
