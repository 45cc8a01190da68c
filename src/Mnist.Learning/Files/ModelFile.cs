using Mnist.Learning.Models;
using Mnist.Learning.Specification;

namespace Mnist.Learning.Files;

/// <summary>
/// A trained model as <c>model.safetensors</c>: tensors in PyTorch's names, shapes and order (see <see cref="TorchOrder"/>),
/// and as metadata the network, the recipe, the run specification and the hash of the weights, which is checked on reading.
/// </summary>
/// <param name="Spec">The run that trained it.</param>
/// <param name="Layout">Layout of <paramref name="State"/>.</param>
/// <param name="State">(parameters, running statistics).</param>
/// <param name="WeightsSha256"><see cref="WeightsHash"/> of <paramref name="State"/>.</param>
public sealed record ModelFile(RunSpec Spec, ModelLayout Layout, float[] State, string WeightsSha256)
{
    private const string Version = "1";

    /// <summary>Writes a model, atomically.</summary>
    /// <param name="path">Destination, replaced if it exists.</param>
    /// <param name="spec">The run that trained it.</param>
    /// <param name="layout">Layout of <paramref name="state"/>.</param>
    /// <param name="state">(parameters, running statistics).</param>
    /// <param name="fileSystem">Where to write; the machine's file system if null.</param>
    /// <exception cref="InvalidInputException">The file cannot be written: no such folder, disk full …</exception>
    public static void Write(string path, RunSpec spec, ModelLayout layout, ReadOnlySpan<float> state, IFileSystem? fileSystem = null)
    {
        try
        {
            Safetensors.Write(path, Content(spec, layout, state), fileSystem);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{path}: cannot be written: {exception.Message}", exception);
        }
    }

    /// <summary>The bytes of the file.</summary>
    /// <param name="spec">The run that trained it.</param>
    /// <param name="layout">Layout of <paramref name="state"/>.</param>
    /// <param name="state">(parameters, running statistics).</param>
    public static byte[] Encode(RunSpec spec, ModelLayout layout, ReadOnlySpan<float> state)
    {
        using var stream = new MemoryStream();
        Safetensors.Write(stream, Content(spec, layout, state));
        return stream.ToArray();
    }

    /// <summary>Reads a model.</summary>
    /// <param name="path">The file.</param>
    /// <param name="layoutOf">Layout of a network by its name.</param>
    /// <exception cref="InvalidInputException">The file cannot be read, is damaged, or is not one of this program's models.</exception>
    public static ModelFile Read(string path, Func<string, ModelLayout> layoutOf)
    {
        ArgumentNullException.ThrowIfNull(layoutOf);
        var content = Safetensors.Read(path);
        try
        {
            var version = Metadata(content, "formatVersion");
            if (version != Version)
            {
                throw new InvalidInputException($"format version is {version}, expected {Version}");
            }

            var spec = RunSpecJson.Parse(Metadata(content, "spec"));
            var layout = layoutOf(Metadata(content, "network"));
            var state = TorchOrder.ToState(layout, content.Tensors);
            var found = WeightsHash.Compute(state);
            var expected = Metadata(content, "weightsSha256");
            return found == expected
                ? new ModelFile(spec, layout, state, found)
                : throw new InvalidInputException($"SHA-256 of the weights is {found}, expected {expected}: the file is damaged");
        }
        catch (InvalidInputException exception)
        {
            throw new InvalidInputException($"{path}: {exception.Message}", exception);
        }
    }

    private static SafetensorsContent Content(RunSpec spec, ModelLayout layout, ReadOnlySpan<float> state)
    {
        var metadata = new Dictionary<string, string>
        {
            // What other readers of the format look for: the tensors are PyTorch's.
            ["format"] = "pt",
            ["formatVersion"] = Version,
            ["network"] = layout.Network,
            ["recipe"] = spec.Recipe,
            ["spec"] = RunSpecJson.Serialize(spec),
            ["weightsSha256"] = WeightsHash.Compute(state),
        };
        return new SafetensorsContent(TorchOrder.FromState(layout, state), metadata);
    }

    private static string Metadata(SafetensorsContent content, string key) => content.Metadata.TryGetValue(key, out var value)
        ? value
        : throw new InvalidInputException($"metadata '{key}' is missing, expected a model that this program wrote");
}
