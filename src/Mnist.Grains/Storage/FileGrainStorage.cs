using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Mnist.Grains.Grains;
using Mnist.Learning;
using Mnist.Learning.Files;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace Mnist.Grains.Storage;

/// <summary>
/// Grain storage in a folder, a file for each state, for one machine or a shared volume. A write goes to a temporary file,
/// to the disk, and is renamed, so that a crash leaves the old state or the new. Every file carries a checksum and an
/// ETag that each write raises by one; a write with an ETag that is not the stored one is refused, also between processes.
/// </summary>
public sealed class FileGrainStorage : IGrainStorage
{
    private readonly string _directory;
    private readonly IFileSystem _fileSystem;

    /// <summary>A run that diverges has losses that JSON has no numbers for; it must be stored all the same.</summary>
    private static JsonSerializerOptions Options { get; } = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>
    /// A run is stored before its first step, which would wait for reflection. States are read by reflection, which leaves a property
    /// that a state of an older version lacks as its initializer made it.
    /// </summary>
    private static JsonSerializerOptions WriterOptions { get; } = new(Options)
    {
        TypeInfoResolver = JsonTypeInfoResolver.Combine(GrainStateJsonContext.Default, new DefaultJsonTypeInfoResolver()),
    };

    /// <summary>Creates the storage.</summary>
    /// <param name="directory">Folder of the files, created when it is first written to.</param>
    /// <param name="fileSystem">Where to write; the machine's file system if null.</param>
    public FileGrainStorage(string directory, IFileSystem? fileSystem = null)
    {
        _directory = Path.GetFullPath(directory);
        _fileSystem = fileSystem ?? PhysicalFileSystem.Instance;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidInputException">The file is damaged.</exception>
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var path = PathOf(stateName, grainId);
        var file = await Task.Run(() => StateFile.Read(path));
        grainState.State = file?.Content is { } content ? Decode<T>(path, content) : Activator.CreateInstance<T>();
        (grainState.ETag, grainState.RecordExists) = (ETagOf(file)!, file?.Content is not null);
    }

    /// <inheritdoc/>
    /// <exception cref="InconsistentStateException">The stored state is not the one that the ETag names.</exception>
    /// <exception cref="IOException">
    /// The file system refuses, as on a full disk; the stored state is unchanged, unless what it refuses is the last flush
    /// of the folder. Then the next write finds another version than its own, and has to read first.
    /// </exception>
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var path = PathOf(stateName, grainId);
        var expected = grainState.ETag;
        var content = Encode(grainState.State);
        grainState.ETag = await ReplaceAsync(path, expected, content) ?? "";
        grainState.RecordExists = true;
    }

    /// <inheritdoc/>
    /// <exception cref="InconsistentStateException">The stored state is not the one that the ETag names.</exception>
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        // What stays is the version: if it began again, an activation that was replaced could hold an ETag that fits again.
        grainState.ETag = (await ReplaceAsync(PathOf(stateName, grainId), grainState.ETag, content: null))!;
        grainState.State = Activator.CreateInstance<T>();
        grainState.RecordExists = false;
    }

    private static string? ETagOf(StateFile? file) => file?.Version.ToString(CultureInfo.InvariantCulture);

    private static ReadOnlyMemory<byte> Encode<T>(T state) =>
        state is IBinaryState binary ? binary.Content : JsonSerializer.SerializeToUtf8Bytes(state, WriterOptions);

    private static T Decode<T>(string path, ReadOnlyMemory<byte> content)
    {
        if (typeof(IBinaryState).IsAssignableFrom(typeof(T)))
        {
            var state = Activator.CreateInstance<T>();
            ((IBinaryState)state!).Content = content;
            return state;
        }

        try
        {
            return JsonSerializer.Deserialize<T>(content.Span, Options)
                ?? throw new InvalidInputException($"{path}: holds null, expected a {typeof(T).Name}");
        }
        catch (JsonException exception)
        {
            throw new InvalidInputException($"{path}: is not the JSON of a {typeof(T).Name}: {exception.Message}", exception);
        }
    }

    /// <summary>Writes a state, or clears it, if the stored one has the expected ETag.</summary>
    /// <returns>The ETag from now on; null where there is nothing to clear.</returns>
    private Task<string?> ReplaceAsync(string path, string? expected, ReadOnlyMemory<byte>? content) => Task.Run(() => WithLock(path, () =>
    {
        var stored = StateFile.Read(path);
        if ((ETagOf(stored) ?? "") != (expected ?? ""))
        {
            throw new InconsistentStateException(
                $"{path}: version {ETagOf(stored) ?? "none"} is stored, expected {(string.IsNullOrEmpty(expected) ? "none" : expected)}: "
                + "another activation has written it",
                ETagOf(stored) ?? "",
                expected ?? "");
        }

        if (stored?.Content is null && content is null)
        {
            return ETagOf(stored);
        }

        var replacement = new StateFile((stored?.Version ?? 0) + 1, content);
        StateFile.Write(path, replacement.Version, content, _fileSystem);
        return ETagOf(replacement);
    }));

    private static TResult WithLock<TResult>(string path, Func<TResult> action)
    {
        // Reading the version and renaming the new file over it must not be interleaved with another writer, in this process
        // or another. The lock file stays: deleting it would let two writers hold locks on different files of one name.
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var guard = new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                return action();
            }
            catch (IOException exception) when (IsLockedByAnother(exception) && attempt < 1000)
            {
                Thread.Sleep(1);
            }
        }
    }

    private static bool IsLockedByAnother(IOException exception)
    {
        const int WindowsSharingViolation = unchecked((int)0x80070020);
        const int LinuxWouldBlock = 11;
        const int MacWouldBlock = 35;
        return exception.HResult is WindowsSharingViolation or LinuxWouldBlock or MacWouldBlock;
    }

    private string PathOf(string stateName, GrainId grainId) => Path.Combine(
        _directory, FileNameOf(grainId.Type.ToString()!), FileNameOf(grainId.Key.ToString()!), Uri.EscapeDataString(stateName) + ".state");

    /// <summary>The folder of a name. Names that end with a dot are other folders (<c>..</c>), or the same one on Windows.</summary>
    private static string FileNameOf(string name) =>
        name.EndsWith('.') ? Uri.EscapeDataString(name[..^1]) + "%2E" : Uri.EscapeDataString(name);
}
