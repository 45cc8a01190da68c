namespace Mnist.Learning.Torch;

/// <summary>Which engine was asked for, and by which options or settings, so that errors can name them.</summary>
/// <param name="Engine">One of <see cref="Engines.EngineNames"/>; null for the default.</param>
/// <param name="TorchDevice">One of <see cref="Engines.TorchDevices"/>; null for the default.</param>
/// <param name="EngineOption">Name of the option that says the engine.</param>
/// <param name="DeviceOption">Name of the option that says the device.</param>
public sealed record EngineChoice(string? Engine, string? TorchDevice, string EngineOption, string DeviceOption);
