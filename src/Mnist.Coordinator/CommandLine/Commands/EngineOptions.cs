using System.CommandLine;
using Mnist.Clustering;
using Mnist.Learning;
using Mnist.Learning.Engines;
using Mnist.Learning.Torch;
using Mnist.Learning.Training;

namespace Mnist.Coordinator.CommandLine.Commands;

/// <summary>The options that say what computes gradients in this process.</summary>
internal static class EngineOptions
{
    /// <summary>Name of the option for the engine.</summary>
    public const string EngineName = "--engine";

    /// <summary>Name of the option for libtorch's device.</summary>
    public const string TorchDeviceName = "--torch-device";

    /// <summary>Makes the option for the engine.</summary>
    public static Option<string?> CreateEngine() => OptionFactory.Choice(
        EngineName,
        "What computes gradients; simd gives the same bits on every CPU, torch (libtorch, in builds that have it) nearly the same numbers "
        + "[default: simd]",
        EngineNames.All);

    /// <summary>Makes the option for libtorch's device.</summary>
    public static Option<string?> CreateTorchDevice() =>
        OptionFactory.Choice(TorchDeviceName, "Where the engine torch computes [default: cpu]", TorchDevices.All);

    /// <summary>Finds the engine, and loads what it needs.</summary>
    /// <param name="engine">What the user typed; null for the default.</param>
    /// <param name="torchDevice">What the user typed; null for the default.</param>
    /// <exception cref="InvalidInputException">There is no such engine here.</exception>
    public static IGradientEngineFactory Select(string? engine, string? torchDevice) =>
        GradientEngines.Select(new EngineChoice(engine, torchDevice, EngineName, TorchDeviceName));

    /// <summary>Refuses both where silos compute: what a silo can compute with depends on its machine and its build, and it says so
    /// itself.</summary>
    /// <param name="engine">What the user typed; null for nothing.</param>
    /// <param name="torchDevice">What the user typed; null for nothing.</param>
    /// <exception cref="InvalidInputException">One of them is given.</exception>
    public static void RefuseWithCluster(string? engine, string? torchDevice)
    {
        (string Option, string? Value, string Key)[] options =
        [
            (EngineName, engine, ClusterKeys.Engine),
            (TorchDeviceName, torchDevice, ClusterKeys.TorchDevice),
        ];
        foreach (var (option, value, key) in options)
        {
            if (value is not null)
            {
                throw new InvalidInputException(
                    $"{option} is '{value}', but with --cluster each silo has its own: expected {key} in the settings of the silos");
            }
        }
    }
}
