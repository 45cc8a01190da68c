namespace Mnist.Coordinator.Output;

/// <summary>Who reads standard output.</summary>
internal enum OutputMode
{
    /// <summary>A person at a terminal: colours, and lines that are drawn again.</summary>
    Live,

    /// <summary>A file or a pipe: plain lines, no control codes.</summary>
    Plain,

    /// <summary>A program: one JSON object a line.</summary>
    Json,
}
