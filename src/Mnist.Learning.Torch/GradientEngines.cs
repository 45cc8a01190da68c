using Mnist.Learning.Engines;
using Mnist.Learning.Training;

namespace Mnist.Learning.Torch;

/// <summary>Finds the engine that was asked for.</summary>
public static class GradientEngines
{
    /// <summary>Finds an engine, and loads what it needs.</summary>
    /// <param name="choice">What was asked for.</param>
    /// <exception cref="InvalidInputException">There is no such engine here; the message says what is missing.</exception>
    public static IGradientEngineFactory Select(EngineChoice choice)
    {
        ArgumentNullException.ThrowIfNull(choice);
        RequireKnown(choice.Engine, choice.EngineOption, EngineNames.All);
        RequireKnown(choice.TorchDevice, choice.DeviceOption, TorchDevices.All);
        if (choice.Engine == EngineNames.Torch)
        {
            return TorchGradientEngineFactory.Load(choice);
        }

        return choice.TorchDevice is null
            ? new SimdGradientEngineFactory()
            : throw new InvalidInputException(
                $"{choice.DeviceOption} is '{choice.TorchDevice}', but {choice.EngineOption} is '{EngineNames.Simd}', "
                + $"expected {EngineNames.Torch}");
    }

    private static void RequireKnown(string? name, string option, IReadOnlyList<string> names)
    {
        if (name is not null && !names.Contains(name))
        {
            throw new InvalidInputException($"{option} is '{name}', expected one of {string.Join(", ", names)}");
        }
    }
}
