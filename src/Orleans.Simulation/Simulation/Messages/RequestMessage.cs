using Orleans.Runtime;

namespace Orleans.Simulation;

/// <summary>A call of a grain method, on its way to an activation and, there, waiting or running.</summary>
internal sealed class RequestMessage : Request, IMessage
{
    public RequestMessage(Silo sender, GrainReference target, MethodModel method, object?[] arguments, TimeSpan timeout)
    {
        Sender = sender;
        Target = target.GrainId;
        Method = method;
        Arguments = arguments;
        Timeout = timeout;
        ExpiresAt = sender.Deadline(timeout);
        To = sender.Address;
        RequestContext = Runtime.RequestContext.Current;
        AlwaysInterleave = method.AlwaysInterleave;
        ReadOnly = method.ReadOnly;
    }

    public Silo Sender { get; }

    public SiloAddress From => Sender.Address;

    public SiloAddress To { get; set; }

    public GrainId Target { get; }

    public MethodModel Method { get; }

    /// <summary>The arguments as the caller passed them; the callee gets its own cancellation token.</summary>
    public object?[] Arguments { get; }

    /// <summary>How long the caller waits.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>When the caller stops waiting, as a timestamp of the silo's clock.</summary>
    public long ExpiresAt { get; }

    /// <summary>What waits for the response. Null for one-way calls.</summary>
    public PendingCall? Call { get; set; }

    /// <summary>How often the request went to an activation that was ending.</summary>
    public int Forwards { get; set; }

    public override ValueTask<object?> InvokeAsync(Activation activation)
    {
        object? target = Method.IsEnumeration ? activation.Enumerations : activation.GrainInstance;
        if (Method.CancellationTokenIndex is not { } index || Arguments[index] is not CancellationToken { CanBeCanceled: true })
        {
            return Method.InvokeAsync(target!, Arguments);
        }

        object?[] arguments = [.. Arguments];
        arguments[index] = activation.StartCancellable(this);
        return Method.InvokeAsync(target!, arguments);
    }

    public override void Complete(Activation activation, object? result, Exception? exception) =>
        activation.Silo.Respond(this, result, exception);

    public override string ToString() => $"{Method} to {Target}";
}
