using System.Text.Json;

namespace Mnist.Coordinator.Service.Events;

/// <summary>The file of an <see cref="EventLog"/>.</summary>
internal static class EventFile
{
    private const byte NewLine = (byte)'\n';

    /// <summary>Reads the whole lines of a file, as far as they are events that follow each other.</summary>
    /// <param name="path">The file; where it is missing there are no events.</param>
    public static IEnumerable<RunEvent> Read(string path)
    {
        if (!File.Exists(path))
        {
            yield break;
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        var id = 0L;
        while (reader.ReadLine() is { } line && Parse(line) is { } known && known.Id == id + 1)
        {
            id = known.Id;
            yield return known;
        }
    }

    /// <summary>Opens a file and cuts off what is no whole event at its end.</summary>
    /// <exception cref="IOException">The file system refuses.</exception>
    public static FileStream OpenForAppending(string path)
    {
        // Without a buffer: every event is one write.
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        file.SetLength(EndOfEvents(file));
        file.Seek(0, SeekOrigin.End);
        return file;
    }

    /// <summary>Writes an event as a line.</summary>
    /// <exception cref="IOException">The file system refuses; the file is as it was.</exception>
    public static void Append(FileStream file, RunEvent added)
    {
        var length = file.Position;
        try
        {
            file.Write([.. JsonSerializer.SerializeToUtf8Bytes(added, ServiceJson.Options), NewLine]);
            if (added.Type != RunEventTypes.Progress)
            {
                // A machine that loses its power may take a progress with it, which the next one makes up for.
                file.Flush(flushToDisk: true);
            }
        }
        catch
        {
            file.SetLength(length);
            file.Seek(length, SeekOrigin.Begin);
            throw;
        }
    }

    private static long EndOfEvents(FileStream file)
    {
        var content = new byte[file.Length];
        file.ReadExactly(content);
        var (end, id) = (0, 0L);
        while (content.AsSpan(end).IndexOf(NewLine) is var length and >= 0
            && Parse(System.Text.Encoding.UTF8.GetString(content, end, length)) is { } known && known.Id == id + 1)
        {
            (end, id) = (end + length + 1, known.Id);
        }

        return end;
    }

    private static RunEvent? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<RunEvent>(line, ServiceJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
