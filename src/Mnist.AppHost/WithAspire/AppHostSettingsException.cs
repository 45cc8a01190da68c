namespace Mnist.AppHost;

/// <summary>A setting is not usable. The message is one line for the user.</summary>
/// <param name="message">Which setting, what was found, what was expected.</param>
internal sealed class AppHostSettingsException(string message) : Exception(message);
