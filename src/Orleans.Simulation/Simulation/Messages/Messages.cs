using Orleans.Runtime;

namespace Orleans.Simulation;

/// <summary>What travels between silos.</summary>
internal interface IMessage
{
    SiloAddress From { get; }

    SiloAddress To { get; }
}

/// <summary>Carries messages to their silos. Here a simulation loses, delays and repeats them.</summary>
internal interface IMessageNetwork
{
    /// <summary>Delivers to a silo from now on.</summary>
    void Join(Silo silo);

    void Send(IMessage message);
}

/// <summary>Delivers at once to the only silo there is: the embedded host.</summary>
internal sealed class LoopbackNetwork : IMessageNetwork
{
    private Silo? _silo;

    public void Join(Silo silo) => _silo = silo;

    public void Send(IMessage message) => _silo!.Receive(message);
}

/// <summary>The outcome of a request, on its way to the caller.</summary>
internal sealed class ResponseMessage(RequestMessage request, SiloAddress from, object? result, Exception? exception) : IMessage
{
    public RequestMessage Request { get; } = request;

    public SiloAddress From { get; } = from;

    public SiloAddress To => Request.From;

    public object? Result { get; } = result;

    public Exception? Exception { get; } = exception;
}

/// <summary>The caller of a request no longer wants its outcome.</summary>
internal sealed class CancelMessage(RequestMessage request) : WorkItem, IMessage
{
    public RequestMessage Request { get; } = request;

    public SiloAddress From => Request.From;

    public SiloAddress To => Request.To;

    public override void Execute() => Request.Activation!.Cancel(Request);
}
