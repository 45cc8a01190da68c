namespace Mnist.Learning.Torch.Tests;

public sealed class MissingPackagesTests
{
    [Fact]
    public void The_refusal_names_the_packages()
    {
        var refusal = GradientEnginesTests.Refusal("torch", "cpu");

        Assert.Contains($"{TorchPackages.TorchSharp} and {TorchPackages.LibTorch}", refusal, StringComparison.Ordinal);
        Assert.Matches(@"TorchSharp \d+\.\d+\.\d+ and libtorch-(cpu|cuda-12\.8)-\w+-\w+ \d+\.\d+\.\d+", refusal);
    }

    [Fact]
    public void The_refusal_says_how_to_get_them_or_why_they_are_not_to_be_had() => Assert.Contains(
        TorchPackages.Wanted is "true" or "cuda" ? "artifacts/editions/Torch.txt" : "-p:Torch=true",
        GradientEnginesTests.Refusal("torch", null),
        StringComparison.Ordinal);
}
