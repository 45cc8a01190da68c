using System.CommandLine;

namespace Mnist.Coordinator.CommandLine;

/// <content>Options that only this program has.</content>
internal static partial class GlobalOptions
{
    /// <summary>Folder of the data set.</summary>
    public static Option<string?> Data { get; } = OptionFactory.FilePath(
        "--data", "DIR",
        "Folder with the four IDX files of a data set, plain or .gz [default: MNIST from the user's cache, fetched if need be]");
}
