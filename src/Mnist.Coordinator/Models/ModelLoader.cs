using Mnist.Coordinator.Runs;
using Mnist.Learning;
using Mnist.Learning.Files;
using Mnist.Learning.Models;

namespace Mnist.Coordinator.Models;

/// <summary>Gets the trained model that a command works with.</summary>
internal static class ModelLoader
{
    /// <summary>Reads a model.</summary>
    /// <param name="path">The file; null for the model of the newest finished run.</param>
    /// <returns>The model and the path that it was read from.</returns>
    /// <exception cref="InvalidInputException">There is no model, or the file is not one.</exception>
    public static (ModelFile Model, string Path) Load(string? path)
    {
        var found = path ?? RunCatalog.FindNewestModel()?.ModelPath ?? throw new InvalidInputException(
            $"{RunFolder.DefaultParent}: holds no finished run; give --model FILE, or train one with `mnist train`");
        return (ModelFile.Read(found, network => Networks.Create(network).Layout), found);
    }
}
