using Mnist.Grains.Contracts;
using Mnist.Grains.Wire;
using Orleans.Runtime;
using Orleans.Simulation;

namespace Mnist.Simulator.Planning;

/// <summary>What the parameter servers spend on the calls of workers, and how much of their time that is.</summary>
/// <param name="costs">What was measured.</param>
/// <param name="sizes">What the frames stand for.</param>
/// <param name="slices">Slices of a step.</param>
/// <param name="lead">The partition that keeps the ledger and knows who computes what.</param>
internal sealed class ServerLoad(ServerCosts costs, FrameSizes sizes, int slices, GrainId lead)
{
    private readonly Dictionary<GrainId, Progress> _servers = [];

    /// <summary>What the busiest of the servers has spent since the last <see cref="Reset"/>.</summary>
    public TimeSpan Busiest => _servers.Values.Select(server => server.Spent).DefaultIfEmpty(TimeSpan.Zero).Max();

    /// <summary>Forgets what was spent.</summary>
    public void Reset()
    {
        foreach (var server in _servers.Values)
        {
            server.Spent = TimeSpan.Zero;
        }
    }

    /// <summary>What a request costs the activation that it is for.</summary>
    public TimeSpan Of(SimulatedRequest request)
    {
        if (request.Arguments is not [ExchangeRequest exchange])
        {
            return TimeSpan.Zero;
        }

        if (!_servers.TryGetValue(request.Grain, out var server))
        {
            _servers[request.Grain] = server = new Progress(slices);
        }

        var microseconds = costs.Call;
        foreach (var frame in exchange.Frames)
        {
            var header = PlanningModel.Header(frame.Bytes);
            var elements = sizes.Elements(header);
            microseconds += costs.Frame.Of(elements);
            if (server.Completes(header))
            {
                microseconds += costs.Step.Of(elements) + (request.Grain == lead ? costs.StepPerSlice * slices : 0);
            }
        }

        var cost = TimeSpan.FromMicroseconds(microseconds);
        server.Spent += cost;
        return cost;
    }

    /// <summary>Which slices of a step a server has.</summary>
    private sealed class Progress(int slices)
    {
        private readonly bool[] _isThere = new bool[slices];
        private int _missing = slices;
        private long _step;

        public TimeSpan Spent { get; set; }

        /// <summary>Takes a frame in.</summary>
        /// <returns>Whether it was the last one that the step needed.</returns>
        public bool Completes(in FrameHeader header)
        {
            if (header.Step < _step)
            {
                return false;
            }

            if (header.Step > _step)
            {
                (_step, _missing) = (header.Step, _isThere.Length);
                Array.Clear(_isThere);
            }

            var before = _missing;
            foreach (ref var isThere in _isThere.AsSpan(header.FirstSlice, header.SliceCount))
            {
                _missing -= isThere ? 0 : 1;
                isThere = true;
            }

            return _missing == 0 && before > 0;
        }
    }
}
