using Mnist.Simulator.Faults;
using Orleans.Simulation;

namespace Mnist.Simulator.Checks;

/// <summary>Looks at what waits in the cluster: a caller that gives up and asks again must not leave more and more behind.</summary>
internal sealed class QueueChecker(SimulatedCluster cluster, RunShape run, ViolationLog violations)
{
    private const int Interval = 16;

    // Every worker calls every partition, and is called by the run; twice that for two activations, and again for calls that timed out.
    private readonly int _messages = 100 + (8 * run.Workers * (run.Partitions + 1));
    private readonly int _requests = 50 + (8 * run.Workers);
    private int _turns;

    /// <summary>A turn has ended.</summary>
    public void Note()
    {
        if (cluster.MessagesInFlight is var messages && messages > _messages)
        {
            violations.Add(Invariants.Queues, $"{messages} messages are under way, expected at most {_messages}");
        }

        if (++_turns % Interval == 0 && cluster.LongestRequestQueue is var requests && requests > _requests)
        {
            violations.Add(Invariants.Queues, $"{requests} requests wait for one activation, expected at most {_requests}");
        }
    }
}
