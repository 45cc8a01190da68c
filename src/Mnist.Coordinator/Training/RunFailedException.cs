namespace Mnist.Coordinator.Training;

/// <summary>A run ended by an error. The message is one line for the user.</summary>
internal sealed class RunFailedException(string message) : Exception(message);
