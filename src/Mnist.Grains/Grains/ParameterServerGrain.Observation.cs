using Mnist.Grains.Protocol;

namespace Mnist.Grains.Grains;

/// <content>What a simulation looks at after every turn.</content>
public sealed partial class ParameterServerGrain
{
    /// <summary>The partition's state; null before the first call.</summary>
    internal PartitionServer? Server => _server;

    /// <summary>Rounds of the checkpoints that this activation knows to be stored.</summary>
    internal IReadOnlyList<long> StoredRounds => _slots?.Rounds ?? [];

    /// <summary>Calls of workers that wait for an answer.</summary>
    internal int WaitingCalls => _waiting.Count;

    /// <summary>True when the run is over, or paused, for this activation.</summary>
    internal bool IsEnded => _isEnded;
}
