using Mnist.Learning.Training;

namespace Mnist.Learning.Torch;

/// <summary>Says that this build has no libtorch.</summary>
internal static class TorchGradientEngineFactory
{
    /// <summary>Refuses.</summary>
    /// <param name="choice">What was asked for.</param>
    /// <exception cref="InvalidInputException">Always.</exception>
    public static IGradientEngineFactory Load(EngineChoice choice)
    {
        var packages = $"{TorchPackages.TorchSharp} and {TorchPackages.LibTorch}";
        throw new InvalidInputException(TorchPackages.Wanted is "true" or "cuda"
            ? $"{choice.EngineOption} is '{choice.Engine}', which needs {packages}: they could not be restored when this program was built "
                + "(artifacts/editions/Torch.txt says why)"
            : $"{choice.EngineOption} is '{choice.Engine}', which needs {packages}: build with -p:Torch=true to fetch them, "
                + "or with -p:Torch=cuda for CUDA");
    }
}
