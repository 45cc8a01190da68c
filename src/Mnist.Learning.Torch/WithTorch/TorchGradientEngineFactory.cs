using Mnist.Learning.Engines;
using Mnist.Learning.Models;
using Mnist.Learning.Training;

namespace Mnist.Learning.Torch;

/// <summary>Makes <see cref="TorchGradientEngine"/>s.</summary>
internal sealed class TorchGradientEngineFactory : IGradientEngineFactory
{
    private readonly string _device;

    private TorchGradientEngineFactory(string device) => _device = device;

    /// <inheritdoc/>
    public string Name => $"{EngineNames.Torch} ({_device})";

    /// <summary>Loads libtorch.</summary>
    /// <param name="choice">What was asked for.</param>
    /// <exception cref="InvalidInputException">libtorch cannot be loaded, or finds no such device.</exception>
    public static TorchGradientEngineFactory Load(EngineChoice choice)
    {
        var device = choice.TorchDevice ?? TorchDevices.Cpu;
        if (LibTorch.Failure is { } reason)
        {
            throw new InvalidInputException($"{choice.EngineOption} is '{choice.Engine}', but {TorchPackages.LibTorch} {reason}");
        }

        if (device == TorchDevices.Cuda && LibTorch.CudaFailure is { } cudaReason)
        {
            throw new InvalidInputException($"{choice.DeviceOption} is '{device}', but {TorchPackages.LibTorch} {cudaReason}");
        }

        return new TorchGradientEngineFactory(device);
    }

    /// <inheritdoc/>
    public IGradientEngine Create(NetworkDefinition network, int batchCapacity) =>
        new TorchGradientEngine(network, batchCapacity, _device);
}
