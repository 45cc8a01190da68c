using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Mnist.Learning.Files;

/// <summary>
/// The safetensors container (github.com/huggingface/safetensors, format description in its README): the length of the header
/// as 8 bytes little-endian, a JSON header that says for each tensor its element type, shape and place, then the tensors back
/// to back. Written and read here: tensors of float32. The header is checked before a single tensor is touched.
/// </summary>
public static class Safetensors
{
    private const int LengthPrefix = 8;
    private const int Alignment = 8;
    private const int HeaderLengthMax = 16 << 20;
    private const string ElementType = "F32";
    private const string MetadataName = "__metadata__";
    private static readonly JsonDocumentOptions StrictReading = new() { AllowDuplicateProperties = false, MaxDepth = 8 };
    private static readonly JsonWriterOptions ReadableText = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a file, atomically.</summary>
    /// <param name="path">Destination, replaced if it exists.</param>
    /// <param name="content">Tensors and metadata.</param>
    /// <param name="fileSystem">Where to write; the machine's file system if null.</param>
    /// <exception cref="IOException">The file system refuses.</exception>
    public static void Write(string path, SafetensorsContent content, IFileSystem? fileSystem = null) =>
        AtomicFile.Write(path, stream => Write(stream, content), fileSystem);

    /// <summary>Writes the format to a stream.</summary>
    /// <param name="stream">Receives the file's bytes.</param>
    /// <param name="content">Tensors and metadata.</param>
    public static void Write(Stream stream, SafetensorsContent content)
    {
        WriteHeader(stream, content);
        foreach (var tensor in content.Tensors)
        {
            var bytes = new byte[tensor.Values.Length * sizeof(float)];
            for (var i = 0; i < tensor.Values.Length; i++)
            {
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), tensor.Values[i]);
            }

            stream.Write(bytes);
        }
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">The file cannot be read or breaks the format; the message says where.</exception>
    public static SafetensorsContent Read(string path)
    {
        byte[] file;
        try
        {
            file = File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{path}: cannot be read: {exception.Message}", exception);
        }

        try
        {
            return Parse(file);
        }
        catch (JsonException exception)
        {
            throw new InvalidInputException($"{path}: header is not JSON: {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
        catch (InvalidInputException exception)
        {
            throw new InvalidInputException($"{path}: {exception.Message}", exception);
        }
    }

    private static void WriteHeader(Stream stream, SafetensorsContent content)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, ReadableText))
        {
            json.WriteStartObject();
            json.WriteStartObject(MetadataName);
            foreach (var (key, value) in content.Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
            var offset = 0L;
            foreach (var tensor in content.Tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", ElementType);
                WriteNumbers(json, "shape", tensor.Shape.Select(extent => (long)extent));
                var end = offset + ((long)tensor.Values.Length * sizeof(float));
                WriteNumbers(json, "data_offsets", [offset, end]);
                json.WriteEndObject();
                offset = end;
            }

            json.WriteEndObject();
        }

        // Spaces after the header align the tensors, so that readers can map the file into memory.
        var padding = -buffer.WrittenCount & (Alignment - 1);
        var prefix = new byte[LengthPrefix];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, buffer.WrittenCount + padding);
        stream.Write(prefix);
        stream.Write(buffer.WrittenSpan);
        stream.Write(Enumerable.Repeat((byte)' ', padding).ToArray());
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }

    private static SafetensorsContent Parse(byte[] file)
    {
        if (file.Length < LengthPrefix)
        {
            throw new InvalidInputException($"{file.Length} bytes, expected a safetensors file of at least {LengthPrefix}");
        }

        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(file);
        if (headerLength > (ulong)Math.Min(file.Length - LengthPrefix, HeaderLengthMax))
        {
            throw new InvalidInputException(
                $"header of {headerLength} bytes in a file of {file.Length}: not a safetensors file, or truncated");
        }

        using var header = JsonDocument.Parse(file.AsMemory(LengthPrefix, (int)headerLength), StrictReading);
        if (header.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidInputException("header is not a JSON object");
        }

        var data = file.AsMemory(LengthPrefix + (int)headerLength);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var entries = new List<Entry>();
        foreach (var property in header.RootElement.EnumerateObject())
        {
            if (property.Name == MetadataName)
            {
                ReadMetadata(property.Value, metadata);
            }
            else
            {
                entries.Add(ReadEntry(property.Name, property.Value));
            }
        }

        entries.Sort((a, b) => a.Start.CompareTo(b.Start));
        CheckPlaces(entries, data.Length);
        return new SafetensorsContent([.. entries.Select(entry => ReadTensor(entry, data.Span))], metadata);
    }

    private static void ReadMetadata(JsonElement element, Dictionary<string, string> metadata)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidInputException($"{MetadataName} is not a JSON object");
        }

        foreach (var property in element.EnumerateObject())
        {
            metadata[property.Name] = property.Value.ValueKind == JsonValueKind.String
                ? property.Value.GetString()!
                : throw new InvalidInputException($"metadata '{property.Name}' is not a string");
        }
    }

    private static Entry ReadEntry(string name, JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object
            || !element.TryGetProperty("dtype", out var type)
            || type.ValueKind != JsonValueKind.String
            || !element.TryGetProperty("shape", out var shape)
            || !element.TryGetProperty("data_offsets", out var offsets))
        {
            throw new InvalidInputException($"tensor '{name}': expected dtype, shape and data_offsets");
        }

        if (type.GetString() != ElementType)
        {
            throw new InvalidInputException($"tensor '{name}': element type is {type.GetString()}, expected {ElementType}");
        }

        var extents = ReadNumbers(name, "shape", shape);
        var places = ReadNumbers(name, "data_offsets", offsets);
        if (places.Length != 2 || places[0] > places[1])
        {
            throw new InvalidInputException($"tensor '{name}': data_offsets are [{string.Join(", ", places)}], expected start and end");
        }

        // Checked against the bytes at each step, so that extents cannot overflow.
        var length = (long)(places[1] - places[0]);
        var expected = (long)sizeof(float);
        foreach (var extent in extents)
        {
            expected = Math.Min(expected * extent, long.MaxValue / int.MaxValue);
        }

        return expected == length
            ? new Entry(name, extents, places[0], places[1])
            : throw new InvalidInputException(
                $"tensor '{name}': {length} bytes, expected {expected} for shape [{string.Join(", ", extents)}] of {ElementType}");
    }

    private static int[] ReadNumbers(string tensor, string field, JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            throw new InvalidInputException($"tensor '{tensor}': {field} is not an array");
        }

        return [.. element.EnumerateArray().Select(item =>
            item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out var number) && number >= 0
                ? number
                : throw new InvalidInputException($"tensor '{tensor}': {field} holds {item.GetRawText()}, expected 0 to {int.MaxValue}"))];
    }

    private static void CheckPlaces(List<Entry> entries, int dataLength)
    {
        var end = 0;
        foreach (var entry in entries)
        {
            if (entry.Start != end)
            {
                var fault = entry.Start < end ? "overlaps the tensor before it" : "leaves a gap after the tensor before it";
                throw new InvalidInputException($"tensor '{entry.Name}': {fault}: starts at {entry.Start}, expected {end}");
            }

            end = entry.End;
        }

        if (end != dataLength)
        {
            var fault = end > dataLength ? "truncated" : "too long";
            throw new InvalidInputException($"{fault}: {dataLength} bytes of tensors, expected {end}");
        }
    }

    private static SafetensorsTensor ReadTensor(Entry entry, ReadOnlySpan<byte> data)
    {
        var bytes = data[entry.Start..entry.End];
        var values = new float[bytes.Length / sizeof(float)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
        }

        return new SafetensorsTensor(entry.Name, entry.Shape, values);
    }

    /// <param name="Name">Name of the tensor.</param>
    /// <param name="Shape">Extents, outermost first.</param>
    /// <param name="Start">Index of its first byte among the tensors' bytes.</param>
    /// <param name="End">Index after its last byte.</param>
    private sealed record Entry(string Name, int[] Shape, int Start, int End);
}
