namespace Mnist.Coordinator.Output;

/// <summary>What a finished run came to.</summary>
/// <param name="Event">For programs.</param>
/// <param name="Rows">For people: names and values.</param>
/// <param name="Mistakes">The mistakes that the model is most sure of.</param>
internal sealed record RunSummary(
    CompletedEvent Event, IReadOnlyList<(string Name, string Value)> Rows, IReadOnlyList<CaptionedDigit> Mistakes);
