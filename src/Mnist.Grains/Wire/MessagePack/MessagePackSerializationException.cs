namespace MessagePack;

/// <summary>The bytes are not what the reader was asked for.</summary>
/// <param name="message">What was found.</param>
internal sealed class MessagePackSerializationException(string? message) : Exception(message);
