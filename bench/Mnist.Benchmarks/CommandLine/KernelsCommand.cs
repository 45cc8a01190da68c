using System.CommandLine;
using Mnist.Benchmarks.Kernels;
using Mnist.Coordinator;
using Mnist.Coordinator.CommandLine;
using Mnist.Coordinator.Output;
using Mnist.Learning.Models;
using Mnist.Learning.Specification;
using Mnist.Learning.Training;

namespace Mnist.Benchmarks.CommandLine;

/// <summary><c>mnist-benchmarks kernels</c>: layers and whole steps on one thread, against the FMA peak of the same moment.</summary>
internal static class KernelsCommand
{
    private const double DefaultSeconds = 3;

    /// <summary>How it is used.</summary>
    public static string[] Examples { get; } =
    [
        "mnist-benchmarks kernels",
        "mnist-benchmarks kernels --networks classic --seconds 10",
    ];

    /// <summary>Makes the command.</summary>
    public static Command Create(Interruption interruption)
    {
        var networks = NetworkList.CreateOption();
        var seconds = OptionFactory.Number<double>(
            "--seconds", "N", $"How long to measure a network's layers, and its steps [default: {DefaultSeconds}]",
            "a number from 0.1 to 600", value => value is >= 0.1 and <= 600);
        var command = new Command("kernels", "Measure each layer, and whole training steps, on one thread, beside the FMA peak")
        {
            networks, seconds,
        };
        command.SetAction((result, _) => RunAsync(
            NetworkList.Parse(result.GetValue(networks)),
            result.GetValue(seconds) ?? DefaultSeconds,
            Terminal.Mode(result.GetValue(GlobalOptions.Json)),
            interruption.Token));
        return command;
    }

    private static async Task<int> RunAsync(
        IReadOnlyList<string> networks, double seconds, OutputMode mode, CancellationToken cancellationToken)
    {
        var dataset = await DatasetLoader.LoadAsync(directory: null, mode, cancellationToken);
        if (mode != OutputMode.Json)
        {
            Console.WriteLine(About.Machine);
        }

        var steps = new List<StepMeasurement>();
        foreach (var name in networks)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var spec = Recipes.Create(name, seed: 1, dataset, new RunOverrides { Augmentation = false, EmaDecay = 0 });
            var network = Networks.Create(name);
            var store = new ParameterStore(spec, network.Layout);
            store.Initialize();
            var layers = LayerProfile.Measure(network, SampleSlice.First(spec, dataset), store.State, seconds);
            var count = layers.Aggregate(default(MultiplyAdds), (sum, layer) => sum + layer.MultiplyAdds);
            steps.Add(StepMeasurement.Measure(spec, dataset, count, seconds));
            Write(name, layers, mode);
        }

        if (mode == OutputMode.Json)
        {
            steps.ForEach(step => JsonLines.Write(new StepEvent(step), KernelJsonContext.Default.StepEvent));
        }
        else
        {
            WriteTable(KernelText.Steps(steps));
        }

        return ExitCode.Success;
    }

    private static void Write(string network, IReadOnlyList<LayerMeasurement> layers, OutputMode mode)
    {
        if (mode != OutputMode.Json)
        {
            WriteTable(KernelText.Layers(network, layers));
            return;
        }

        foreach (var layer in layers)
        {
            JsonLines.Write(new LayerEvent(network, layer), KernelJsonContext.Default.LayerEvent);
        }
    }

    private static void WriteTable(IReadOnlyList<string> lines)
    {
        Console.WriteLine();
        foreach (var line in lines)
        {
            Console.WriteLine(line);
        }
    }
}
