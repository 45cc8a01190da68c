using System.Text.Json;
using System.Text.Json.Serialization;
using Mnist.Learning;

namespace Mnist.Benchmarks.Comparison;

/// <summary>An order to a peer, see bench/peers/peer.py. Fields that an order lacks are not written.</summary>
/// <param name="Order"><c>throughput</c> or <c>train</c>.</param>
/// <param name="Network">Name of the network.</param>
/// <param name="Batch">Samples of a step, over all processes.</param>
internal sealed record PeerOrder(string Order, string Network, int Batch)
{
    /// <summary>How long to measure throughput.</summary>
    public double? Seconds { get; init; }

    /// <summary>Training samples.</summary>
    public int? Samples { get; init; }

    /// <summary>Passes over the training samples.</summary>
    public int? Epochs { get; init; }

    /// <summary>Highest learning rate.</summary>
    public float? Peak { get; init; }

    /// <summary>Part of all steps spent warming up.</summary>
    public float? Warmup { get; init; }

    /// <summary>Adam's decay of the second moment.</summary>
    public float? Beta2 { get; init; }

    /// <summary>Seed of weights and order.</summary>
    public ulong? Seed { get; init; }
}

/// <summary>A peer's answer.</summary>
internal sealed record PeerAnswer
{
    /// <summary>True in the first line, when the peer waits for orders.</summary>
    public bool? Ready { get; init; }

    /// <summary>Version of PyTorch, in the first line.</summary>
    public string? Torch { get; init; }

    /// <summary>Images that were trained.</summary>
    public long? Images { get; init; }

    /// <summary>Seconds that it took.</summary>
    public double? Seconds { get; init; }

    /// <summary>Accuracy on the test split, 0 to 1, of a whole recipe.</summary>
    public double? Accuracy { get; init; }

    /// <summary>Why an order could not be carried out.</summary>
    public string? Error { get; init; }
}

/// <summary>Lines to and from a peer.</summary>
internal static class PeerProtocol
{
    /// <summary>The line of an order.</summary>
    public static string Write(PeerOrder order) => JsonSerializer.Serialize(order, PeerJsonContext.Default.PeerOrder);

    /// <summary>Reads the line that says that a peer is ready.</summary>
    /// <param name="line">What the peer printed; null where it ended.</param>
    /// <returns>The version of PyTorch.</returns>
    /// <exception cref="InvalidInputException">It is another line.</exception>
    public static string ReadReady(string? line)
    {
        var answer = Read(line);
        return answer is { Ready: true, Torch: { } version } ? version : throw Unexpected(line, "that it is ready");
    }

    /// <summary>Reads the answer to an order of throughput.</summary>
    /// <param name="line">What the peer printed; null where it ended.</param>
    /// <returns>Images a second.</returns>
    /// <exception cref="InvalidInputException">The peer failed, or it is another line.</exception>
    public static double ReadThroughput(string? line)
    {
        var answer = Read(line);
        return answer is { Images: > 0 and var images, Seconds: > 0 and var seconds }
            ? images / seconds
            : throw Unexpected(line, "images and seconds above 0");
    }

    /// <summary>Reads the answer to an order to train a recipe.</summary>
    /// <param name="line">What the peer printed; null where it ended.</param>
    /// <exception cref="InvalidInputException">The peer failed, or it is another line.</exception>
    public static (double Seconds, double Accuracy) ReadTraining(string? line)
    {
        var answer = Read(line);
        return answer is { Seconds: > 0 and var seconds, Accuracy: >= 0 and <= 1 and var accuracy }
            ? (seconds, accuracy)
            : throw Unexpected(line, "seconds above 0 and an accuracy from 0 to 1");
    }

    private static PeerAnswer Read(string? line)
    {
        if (line is null)
        {
            throw new InvalidInputException("the PyTorch peer ended before it answered (its errors are above)");
        }

        try
        {
            var answer = JsonSerializer.Deserialize(line, PeerJsonContext.Default.PeerAnswer) ?? throw Unexpected(line, "an object");
            return answer.Error is null ? answer : throw new InvalidInputException($"the PyTorch peer failed: {answer.Error}");
        }
        catch (JsonException exception)
        {
            throw new InvalidInputException($"the PyTorch peer printed '{line}', expected a line of JSON", exception);
        }
    }

    private static InvalidInputException Unexpected(string? line, string expected) =>
        new($"the PyTorch peer answered '{line}', expected {expected}");
}

/// <summary>Generated readers and writers of the peers' lines.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PeerOrder))]
[JsonSerializable(typeof(PeerAnswer))]
internal sealed partial class PeerJsonContext : JsonSerializerContext;
