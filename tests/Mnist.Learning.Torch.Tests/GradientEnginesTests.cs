using Mnist.Learning.Engines;

namespace Mnist.Learning.Torch.Tests;

public sealed class GradientEnginesTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("simd")]
    public void The_default_is_the_engine_that_keeps_the_bits(string? engine)
    {
        var factory = Select(engine, null);

        Assert.IsType<SimdGradientEngineFactory>(factory);
        Assert.Equal("simd", factory.Name);
    }

    [Fact]
    public void An_engine_that_does_not_exist_is_refused() =>
        Assert.Equal("--engine is 'gpu', expected one of simd, torch", Refusal("gpu", null));

    [Fact]
    public void A_device_that_does_not_exist_is_refused() =>
        Assert.Equal("--torch-device is 'tpu', expected one of cpu, cuda", Refusal("torch", "tpu"));

    [Fact]
    public void A_device_without_the_engine_is_refused() =>
        Assert.Equal("--torch-device is 'cpu', but --engine is 'simd', expected torch", Refusal(null, "cpu"));

    internal static Training.IGradientEngineFactory Select(string? engine, string? device) =>
        GradientEngines.Select(new EngineChoice(engine, device, "--engine", "--torch-device"));

    internal static string Refusal(string? engine, string? device) =>
        Assert.Throws<InvalidInputException>(() => Select(engine, device)).Message;
}
