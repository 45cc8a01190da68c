namespace Mnist.Tidy.Tests;

/// <summary>A place that breaks a rule.</summary>
/// <param name="Path">The file.</param>
/// <param name="Line">The line's number, from 1.</param>
/// <param name="Text">The line.</param>
/// <param name="Message">What is wrong and what to do instead.</param>
internal sealed record Finding(string Path, int Line, string Text, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Path}:{Line}: {Message}";
}
