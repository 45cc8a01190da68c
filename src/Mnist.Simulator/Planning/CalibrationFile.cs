using System.Text.Json;
using System.Text.Json.Serialization;
using Mnist.Learning;
using Mnist.Learning.Data;
using Mnist.Learning.Files;

namespace Mnist.Simulator.Planning;

/// <summary>A JSON file of calibrations: one for each recipe and size of slices.</summary>
/// <param name="Version">Version of the format.</param>
/// <param name="Calibrations">What was measured.</param>
internal sealed record CalibrationFile(int Version, IReadOnlyList<Calibration> Calibrations)
{
    private const int CurrentVersion = 1;

    /// <summary>The file in the user's cache folder.</summary>
    public static string DefaultPath => Path.Combine(CacheFolder.ForUser(), "calibration.json");

    /// <summary>Reads a file; one that does not exist is empty.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">It cannot be read, or is not a calibration file.</exception>
    public static CalibrationFile Read(string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                return new CalibrationFile(CurrentVersion, []);
            }

            var file = JsonSerializer.Deserialize(File.ReadAllBytes(path), CalibrationJson.Default.CalibrationFile);
            return file is { Version: CurrentVersion, Calibrations: not null } && file.Calibrations.All(IsUsable)
                ? file
                : throw new InvalidInputException(
                    $"{path}: is not a calibration of version {CurrentVersion}; delete it, and `mnist-simulator plan` measures again");
        }
        catch (JsonException exception)
        {
            throw new InvalidInputException($"{path}: is not a calibration file: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{path}: cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>The calibration of a recipe and size of slices, or null.</summary>
    public Calibration? Find(string recipe, int imagesPerSlice) =>
        Calibrations.FirstOrDefault(entry => entry.Recipe == recipe && entry.ImagesPerSlice == imagesPerSlice);

    /// <summary>The file with a calibration in place of a former one.</summary>
    public CalibrationFile With(Calibration calibration) => this with
    {
        Calibrations =
        [
            .. Calibrations.Where(entry => entry.Recipe != calibration.Recipe || entry.ImagesPerSlice != calibration.ImagesPerSlice),
            calibration,
        ],
    };

    /// <summary>Writes the file, and the folder that it is in.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">It cannot be written.</exception>
    public void Write(string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            AtomicFile.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(this, CalibrationJson.Default.CalibrationFile));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{path}: cannot be written: {exception.Message}", exception);
        }
    }

    private static bool IsUsable(Calibration entry) =>
        entry is { Cores: >= 1, ImagesPerSlice: >= 1 }
        && IsUsable(entry.AloneSlice) && IsUsable(entry.BusySlice) && IsUsable(entry.WorkerOverhead)
        && new[]
        {
            entry.LoadMicroseconds, entry.CombineMicroseconds, entry.Server.Call, entry.Server.Frame.Fixed, entry.Server.Frame.PerElement,
            entry.Server.Step.Fixed, entry.Server.Step.PerElement, entry.Server.StepPerSlice,
        }.All(cost => double.IsFinite(cost) && cost >= 0);

    private static bool IsUsable(Spread spread) =>
        spread.Microseconds is { Length: > 0 } means && means.All(mean => double.IsFinite(mean) && mean >= 0);
}

/// <summary>Serializes calibrations without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(CalibrationFile))]
internal sealed partial class CalibrationJson : JsonSerializerContext;
