using System.Text.Json;
using System.Text.Json.Serialization;
using Mnist.Learning;
using Mnist.Learning.Files;
using Mnist.Learning.Specification;

namespace Mnist.Coordinator.Runs;

/// <summary>
/// What <c>run.json</c> holds: everything that continuing a run needs, written before the first step, so that a run can be
/// continued whenever it was killed.
/// </summary>
internal sealed record RunManifest
{
    /// <summary>Version of the format that this program writes and reads.</summary>
    public const int CurrentFormat = 1;

    /// <summary>Version of the format.</summary>
    public required int Format { get; init; }

    /// <summary>Name of the run.</summary>
    public required string RunId { get; init; }

    /// <summary>The specification in its JSON form.</summary>
    public required JsonElement Spec { get; init; }

    /// <summary>SHA-256 of the specification's canonical form.</summary>
    public required string SpecSha256 { get; init; }

    /// <summary>Number of workers of the last attempt.</summary>
    public required int Workers { get; init; }

    /// <summary>Number of parameter-server partitions; the checkpoints are cut accordingly.</summary>
    public required int Partitions { get; init; }

    /// <summary>What computes gradients; null for the default, and in a cluster, where each silo has its own.</summary>
    public string? Engine { get; init; }

    /// <summary>Where libtorch computes; null for the default.</summary>
    public string? TorchDevice { get; init; }

    /// <summary>Seconds between checkpoints.</summary>
    public required double CheckpointIntervalSeconds { get; init; }

    /// <summary>Name of the data set.</summary>
    public required string DatasetName { get; init; }

    /// <summary>Folder of the data set; null where it is MNIST from the user's cache.</summary>
    public required string? DataDirectory { get; init; }

    /// <summary>When the run was begun.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Process id of the last attempt.</summary>
    public required int Pid { get; init; }

    /// <summary>Describes a run that begins now in this process.</summary>
    /// <param name="runId">Name of the run.</param>
    /// <param name="spec">What is trained.</param>
    /// <param name="datasetName">Name of the data set.</param>
    /// <param name="dataDirectory">Folder of the data set; null where it is MNIST from the user's cache.</param>
    /// <param name="workers">Number of workers.</param>
    /// <param name="partitions">Number of parameter-server partitions.</param>
    /// <param name="checkpointIntervalSeconds">Seconds between checkpoints.</param>
    public static RunManifest Create(
        string runId,
        RunSpec spec,
        string datasetName,
        string? dataDirectory,
        int workers,
        int partitions,
        double checkpointIntervalSeconds) => new()
        {
            Format = CurrentFormat,
            RunId = runId,
            Spec = JsonElement.Parse(RunSpecJson.Serialize(spec)),
            SpecSha256 = RunSpecJson.Sha256(spec),
            Workers = workers,
            Partitions = partitions,
            CheckpointIntervalSeconds = checkpointIntervalSeconds,
            DatasetName = datasetName,
            DataDirectory = dataDirectory is null ? null : Path.GetFullPath(dataDirectory),
            StartedAt = DateTimeOffset.UtcNow,
            Pid = Environment.ProcessId,
        };

    /// <summary>Reads the specification.</summary>
    /// <param name="path">Path of the manifest, named in errors.</param>
    /// <exception cref="InvalidInputException">The specification is damaged.</exception>
    public RunSpec ReadSpec(string path)
    {
        try
        {
            var spec = RunSpecJson.Parse(Spec.GetRawText());
            var sha256 = RunSpecJson.Sha256(spec);
            return sha256 == SpecSha256
                ? spec
                : throw new InvalidInputException($"the specification's SHA-256 is {sha256}, expected {SpecSha256}");
        }
        catch (InvalidInputException exception)
        {
            throw new InvalidInputException($"{path}: {exception.Message}", exception);
        }
    }

    /// <summary>Writes the manifest; a crash leaves the old content or the new.</summary>
    /// <exception cref="InvalidInputException">The file cannot be written.</exception>
    public void Write(string path)
    {
        try
        {
            AtomicFile.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(this, RunManifestJsonContext.Default.RunManifest));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{path}: cannot be written: {exception.Message}", exception);
        }
    }

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="InvalidInputException">The file cannot be read or is not a manifest.</exception>
    public static RunManifest Read(string path)
    {
        try
        {
            var manifest = JsonSerializer.Deserialize(File.ReadAllBytes(path), RunManifestJsonContext.Default.RunManifest);
            return manifest switch
            {
                null => throw new InvalidInputException($"{path}: null, expected the description of a run"),
                { Format: not CurrentFormat } =>
                    throw new InvalidInputException($"{path}: format is {manifest.Format}, expected {CurrentFormat}"),
                _ => manifest,
            };
        }
        catch (JsonException exception)
        {
            throw new InvalidInputException(
                $"{path}: not the description of a run: {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{path}: cannot be read: {exception.Message}", exception);
        }
    }
}

/// <summary>Generated reader and writer of <see cref="RunManifest"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    WriteIndented = true)]
[JsonSerializable(typeof(RunManifest))]
internal sealed partial class RunManifestJsonContext : JsonSerializerContext;
