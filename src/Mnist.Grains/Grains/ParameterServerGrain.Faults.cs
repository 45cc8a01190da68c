using Mnist.Grains.Contracts;

namespace Mnist.Grains.Grains;

/// <content>An end on purpose.</content>
public sealed partial class ParameterServerGrain
{
    /// <inheritdoc/>
    public Task CrashAsync()
    {
        if (_faults is null)
        {
            throw new RunRejectedException("fault injection is not switched on where the server is");
        }

        // What a crash takes with it; without a server, ending writes no checkpoint.
        (_server, _starting) = (null, null);
        _waiting.AnswerAll(_ => Nothing());
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
