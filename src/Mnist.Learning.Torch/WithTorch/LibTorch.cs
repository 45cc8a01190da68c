using System.Runtime.InteropServices;
using TorchSharp;

namespace Mnist.Learning.Torch;

/// <summary>
/// Loads libtorch, once a process. TorchSharp would do it by itself at its first use, and where that fails print pages to
/// standard output: it is tried here first.
/// </summary>
internal static class LibTorch
{
    private static readonly Lazy<string?> LazyFailure = new(Load);
    private static readonly Lazy<string?> LazyCudaFailure = new(FindCuda);

    /// <summary>Why libtorch cannot be used, to follow its name; null where it can.</summary>
    public static string? Failure => LazyFailure.Value;

    /// <summary>Why no graphics processor can be used, to follow libtorch's name; null where one can.</summary>
    public static string? CudaFailure => LazyCudaFailure.Value;

    private static string? Load()
    {
        try
        {
            // Its dependency first: the search for that knows the program's folders, the dynamic linker does not.
            NativeLibrary.TryLoad("torch_cpu", typeof(torch).Assembly, null, out _);
            if (!NativeLibrary.TryLoad("LibTorchSharp", typeof(torch).Assembly, null, out _))
            {
                OlderStandardLibrary.OfferLibrary();
                NativeLibrary.Load("LibTorchSharp", typeof(torch).Assembly, null);
            }

            // A worker is a thread on a core of its own: more threads would only stand in each other's way.
            torch.set_num_threads(1);
            return null;
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException or TypeInitializationException
            or EntryPointNotFoundException or NotSupportedException or IOException)
        {
            return $"cannot be loaded: {exception.GetBaseException().Message.ReplaceLineEndings(" ").Trim()}";
        }
    }

    private static string? FindCuda()
    {
        if (TorchPackages.Wanted != "cuda")
        {
            return "is for CPUs: build with -p:Torch=cuda";
        }

        if (!torch.TryInitializeDeviceType(DeviceType.CUDA))
        {
            return "finds no NVIDIA graphics processor, or no driver for its version of CUDA";
        }

        // Otherwise convolutions round their factors to 10 bits, and gradients agree to three digits instead of five.
        torch.backends.cudnn.allow_tf32 = false;
        torch.backends.cuda.matmul.allow_tf32 = false;
        return null;
    }
}
