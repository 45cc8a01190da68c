using Orleans.Runtime;

namespace Orleans.Simulation;

/// <summary>
/// The network: addresses requests, delays messages and loses them. A message arrives once at most. What was lost before it arrived
/// and what was lost on the way back look the same to the caller.
/// </summary>
internal sealed class MessageRouter(SimulatedCluster cluster, SimulatedRandom random)
{
    private readonly HashSet<(string From, string To)> _partitions = [];

    private SimulatedCluster Cluster => cluster;

    /// <summary>How many messages are on their way to another silo.</summary>
    public int InFlight { get; private set; }

    public void Partition(string from, string to) => _partitions.Add((from, to));

    public void Heal(string from, string to) => _partitions.Remove((from, to));

    /// <summary>All pairs between which messages are lost, in the order of their names.</summary>
    public IReadOnlyList<(string From, string To)> Partitions =>
    [
        .. _partitions.OrderBy(pair => pair.From, StringComparer.Ordinal).ThenBy(pair => pair.To, StringComparer.Ordinal),
    ];

    public bool IsBlocked(SiloNode from, SiloNode to) => _partitions.Contains((from.Name, to.Name));

    public void Send(SiloNode from, IMessage message)
    {
        if (from.IsGone)
        {
            return;
        }

        var request = Request(message);
        SiloNode? to;
        if (message is RequestMessage)
        {
            to = cluster.Directory.Locate(from, request.Target);
            if (to is null)
            {
                Reject(from, request, $"There is no silo for {request}.");
                return;
            }

            request.To = to.Address;
        }
        else
        {
            to = cluster.NodeAt(message.To);
        }

        if (to == from)
        {
            // As in Orleans, what stays within a silo goes over no network.
            from.Silo.Receive(message);
            return;
        }

        cluster.Log.Record(SimulationEventKind.MessageSent, from, request.Target, request.Method.ToString());
        if (IsBlocked(from, to) || IsDead(from) || IsDead(to) || IsLost(from, to, message, request))
        {
            cluster.Log.Record(SimulationEventKind.MessageLost, from, request.Target, request.Method.ToString());
        }
        else if (to is { IsGone: true, RefusesConnections: true } && message is RequestMessage)
        {
            Reject(from, request, $"{to.Name} does not accept connections; it cannot process {request}.");
        }
        else
        {
            InFlight++;
            var delay = random.NextTime(cluster.Network.Delay);
            var delivery = new Delivery(this, from, to, message, request);
            if (cluster.Network.HasLimits)
            {
                delivery.SendOverConnections(delay);
            }
            else
            {
                cluster.Clock.After(delay, delivery.Arrive);
            }
        }
    }

    /// <summary>The limits of bandwidth have changed.</summary>
    public void OnBandwidthChanged()
    {
        Retime(cluster.ClientNode);
        foreach (var silo in cluster.Silos)
        {
            Retime(silo.Node);
        }

        static void Retime(SiloNode node)
        {
            node.Sending?.OnRateChanged();
            node.Receiving?.OnRateChanged();
        }
    }

    /// <summary>A process has ended.</summary>
    /// <param name="node">The process.</param>
    /// <param name="inOrder">Whether what it had to send still leaves.</param>
    public static void OnEnd(SiloNode node, bool inOrder)
    {
        node.Receiving?.Clear();
        if (!inOrder)
        {
            node.Sending?.Clear();
        }
    }

    private static RequestMessage Request(IMessage message) => message switch
    {
        RequestMessage request => request,
        ResponseMessage response => response.Request,
        CancelMessage cancel => cancel.Request,
        _ => throw new ArgumentException($"There are no messages of type {message.GetType().Name}.", nameof(message)),
    };

    private static SimulatedMessageKind Kind(IMessage message) => message switch
    {
        RequestMessage => SimulatedMessageKind.Request,
        ResponseMessage => SimulatedMessageKind.Response,
        _ => SimulatedMessageKind.Cancellation,
    };

    // Silos neither listen to one that was declared dead nor talk to it.
    private static bool IsDead(SiloNode node) => node.Status == SiloStatus.Dead;

    private bool IsLost(SiloNode from, SiloNode to, IMessage message, RequestMessage request) =>
        random.NextBoolean(cluster.Network.LossProbability)
        || (cluster.Network.Loses is { } loses
            && loses(new(Kind(message), from.Name, to.Name, request.Target, request.Method.ToString())));

    private long Size(IMessage message, RequestMessage request)
    {
        var response = message as ResponseMessage;
        object?[] arguments = ReferenceEquals(message, request) ? request.Arguments : [];
        try
        {
            long size = cluster.Network.MessageSize!(
                new(Kind(message), request.Method.ToString(), arguments, response?.Result, response?.Exception));
            ArgumentOutOfRangeException.ThrowIfNegative(size);
            return size;
        }
        catch (Exception exception)
        {
            // The harness is wrong, and not the grain that happens to send.
            cluster.Fail(exception);
            return 0;
        }
    }

    private void Reject(SiloNode from, RequestMessage request, string reason)
    {
        cluster.Log.Record(SimulationEventKind.MessageRejected, from, request.Target, request.Method.ToString());
        if (request.Call is null)
        {
            return;
        }

        // The silo that failed to send knows; if it only forwarded the request, its caller may be another.
        var caller = cluster.NodeAt(request.From);
        var response = new ResponseMessage(request, from.Address, null, new SiloUnavailableException(reason));
        cluster.Clock.After(
            random.NextTime(cluster.Network.Delay),
            () =>
            {
                if (!caller.IsGone)
                {
                    caller.Enqueue(() => caller.Silo.Receive(response));
                }
            });
    }

    /// <summary>A message on its way, and then the turn in which its silo takes it: one object, since messages are many.</summary>
    private sealed class Delivery(MessageRouter router, SiloNode from, SiloNode to, IMessage message, RequestMessage request) : WorkItem
    {
        private readonly SimulatedCluster _cluster = router.Cluster;

        public void SendOverConnections(TimeSpan delay)
        {
            long size = router.Size(message, request);
            from.Sending ??= new Connection(_cluster.Clock, () => _cluster.Network.BandwidthOf(from.Name).Send);
            from.Sending.Pass(size, sent =>
            {
                if (sent)
                {
                    _cluster.Clock.After(delay, () => TakeIn(size));
                }
                else
                {
                    End(SimulationEventKind.MessageLost, from);
                }
            });
        }

        public void Arrive()
        {
            bool lost = to.IsGone || IsDead(to) || router.IsBlocked(from, to);
            End(lost ? SimulationEventKind.MessageLost : SimulationEventKind.MessageDelivered, to);
            if (!lost)
            {
                to.System.Enqueue(this);
            }
        }

        public override void Execute()
        {
            try
            {
                to.Silo.Receive(Transferred());
            }
            catch (Exception exception)
            {
                _cluster.Fail(exception);
            }
        }

        private IMessage Transferred()
        {
            if (_cluster.Network.Transfer is not { } transfer)
            {
                return message;
            }

            if (message is ResponseMessage { Result: { } result } response)
            {
                return new ResponseMessage(request, response.From, transfer(result), response.Exception);
            }

            if (message is RequestMessage)
            {
                // The caller has passed these objects, and does not look at the array again.
                Span<object?> arguments = request.Arguments;
                foreach (ref var argument in arguments)
                {
                    argument = argument is null ? null : transfer(argument);
                }
            }

            return message;
        }

        private void TakeIn(long size)
        {
            if (to.IsGone)
            {
                Arrive();
                return;
            }

            to.Receiving ??= new Connection(_cluster.Clock, () => _cluster.Network.BandwidthOf(to.Name).Receive);
            to.Receiving.Pass(size, _ => Arrive());
        }

        private void End(SimulationEventKind outcome, SiloNode where)
        {
            router.InFlight--;
            _cluster.Log.Record(outcome, where, request.Target, request.Method.ToString());
        }
    }
}
