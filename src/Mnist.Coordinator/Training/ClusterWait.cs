namespace Mnist.Coordinator.Training;

/// <summary>
/// What the user hears while a cluster cannot be reached, whatever it is found by: at once what is waited for, a line a minute after that,
/// and in the end, where there is one, an error.
/// </summary>
/// <param name="say">Told each line.</param>
/// <param name="patience">After how long without any answer it is an error; null for never.</param>
/// <param name="time">The clock.</param>
internal sealed class ClusterWait(Action<string> say, TimeSpan? patience, TimeProvider time)
{
    private static readonly TimeSpan RepeatAfter = TimeSpan.FromMinutes(1);
    private long? _begun;
    private long _said;

    /// <summary>There was an answer.</summary>
    public void Answered() => _begun = null;

    /// <summary>There was none.</summary>
    /// <param name="reason">What the last attempt ended with.</param>
    /// <exception cref="RunFailedException">It has lasted too long.</exception>
    public void Failed(string reason)
    {
        reason = FirstSentence(reason);
        var now = time.GetTimestamp();
        if (_begun is not { } begun)
        {
            _begun = now;
            Say($"waiting for the cluster{(patience is { } limit ? $", {Seconds(limit)} at most" : "")}: {reason}");
            return;
        }

        var waited = time.GetElapsedTime(begun, now);
        if (waited >= patience)
        {
            throw new RunFailedException(
                $"the cluster could not be reached for {Seconds(waited)}: {reason}; --resume goes on when it can, --patience waits longer");
        }

        if (time.GetElapsedTime(_said, now) >= RepeatAfter)
        {
            Say($"waiting for the cluster since {Seconds(waited)}: {reason}");
        }

        void Say(string line)
        {
            _said = now;
            say(line);
        }
    }

    private static string Seconds(TimeSpan time) => FormattableString.Invariant($"{time.TotalSeconds:0.#} s");

    private static string FirstSentence(string message) => message.ReplaceLineEndings(" ").Split(". ", 2)[0].TrimEnd('.');
}
