using Mnist.Grains.Contracts;
using Mnist.Grains.Hosting;

namespace Mnist.Grains.Grains;

/// <content>Calls that are lost on purpose.</content>
internal sealed partial class WorkerLoop
{
    /// <summary>As long as a caller waits for the answer to a call that was lost.</summary>
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(5);

    /// <summary>What is to go wrong; null where nothing is.</summary>
    public FaultInjection? Faults { private get; init; }

    private Task<ExchangeReply> SendAsync(int partition, ExchangeRequest request) =>
        Faults?.LosesNext(GrainKeys.Of(_assignment.RunId, _assignment.Worker)) == true
            ? LoseAsync()
            : _servers[partition].ExchangeAsync(request);

    private async Task<ExchangeReply> LoseAsync()
    {
        await Task.Delay(CallTimeout, _time);
        throw new TimeoutException("the call was lost, as somebody wanted it");
    }
}
