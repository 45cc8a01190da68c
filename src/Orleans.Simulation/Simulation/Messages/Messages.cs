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
    void Send(IMessage message);
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
