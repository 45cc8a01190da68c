using Mnist.Grains.Contracts;

namespace Mnist.Grains.Grains;

/// <content>How long workers wait for each other.</content>
public sealed partial class ParameterServerGrain
{
    /// <summary>Seconds that each worker, by index, has waited since the last report.</summary>
    private readonly List<double> _waited = [];

    private async Task<ExchangeReply> MeasureWaitAsync(int worker, Task<ExchangeReply> reply)
    {
        var begun = Now;
        var answer = await reply;
        while (_waited.Count <= worker)
        {
            _waited.Add(0);
        }

        _waited[worker] += (Now - begun).TotalSeconds;
        return answer;
    }

    private double WaitFraction(int worker, double seconds) =>
        worker < _waited.Count && seconds > 0 ? Math.Min(1, _waited[worker] / seconds) : 0;
}
