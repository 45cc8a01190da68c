using System.Buffers.Binary;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Orleans.Simulation;

/// <summary>A silo: sends requests to activations, makes the activations, and returns the responses.</summary>
internal sealed class Silo : ILocalSiloDetails, IDisposable
{
    private readonly SiloMessagingOptions _messaging;
    private readonly ClientMessagingOptions _clientMessaging;
    private readonly CallTimeouts _timeouts;
    private readonly IMessageNetwork _network;
    private long _lastNumber;
    private volatile bool _open;

    public Silo(
        IServiceProvider services,
        TimeProvider time,
        ITurnScheduler turnScheduler,
        IMessageNetwork network,
        IActivationDirectory directory,
        SiloGeneration generation,
        ILogger<Silo> logger,
        IOptions<ClusterOptions> cluster,
        IOptions<SiloOptions> silo,
        IOptions<EndpointOptions> endpoint,
        IOptions<SiloMessagingOptions> messaging,
        IOptions<ClientMessagingOptions> clientMessaging,
        IOptions<GrainCollectionOptions> collection)
    {
        Services = services;
        Time = time;
        Logger = logger;
        ClusterId = cluster.Value.ClusterId;
        Address = SiloAddress.New(endpoint.Value.AdvertisedIPAddress, endpoint.Value.SiloPort, generation.Value);
        GatewayAddress = SiloAddress.New(endpoint.Value.AdvertisedIPAddress, endpoint.Value.GatewayPort, generation.Value);
        Name = silo.Value.SiloName ?? $"Silo_{Address.ToParsableString()}";
        Collection = collection.Value;
        _messaging = messaging.Value;
        _clientMessaging = clientMessaging.Value;
        _timeouts = new CallTimeouts(time, OnTimeout);
        _network = network;
        TurnScheduler = turnScheduler;
        RequestCost = turnScheduler as IRequestCost;
        Catalog = new Catalog(this, directory);
        References = new ReferenceFactory(this);
        network.Join(this);
    }

    public IServiceProvider Services { get; }

    public TimeProvider Time { get; }

    public ILogger Logger { get; }

    public SiloAddress Address { get; }

    public string Name { get; }

    public string ClusterId { get; }

    public string DnsHostName => Environment.MachineName;

    public SiloAddress SiloAddress => Address;

    public SiloAddress GatewayAddress { get; }

    public GrainCollectionOptions Collection { get; }

    public TimeSpan ResponseTimeout => _messaging.ResponseTimeout;

    public ITurnScheduler TurnScheduler { get; }

    /// <summary>What requests cost; null if nothing.</summary>
    public IRequestCost? RequestCost { get; }

    public Catalog Catalog { get; }

    public ReferenceFactory References { get; }

    public long NextNumber() => Interlocked.Increment(ref _lastNumber);

    /// <summary>The timestamp of a time from now.</summary>
    public long Deadline(TimeSpan time) => Time.GetTimestamp() + (long)(time.TotalSeconds * Time.TimestampFrequency);

    /// <summary>Makes a number of this silo into an identity that no other silo gives out.</summary>
    public Guid Id(long number)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, Address.GetConsistentHashCode());
        BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], Address.Generation);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], number);
        return new Guid(bytes);
    }

    public void Open() => _open = true;

    /// <summary>Ends all activations, and the calls that are still waiting then.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        _open = false;
        try
        {
            // More than once: a call that found the silo open may have made an activation meanwhile.
            while (Catalog.All is { Count: > 0 } activations)
            {
                foreach (var activation in activations)
                {
                    activation.Deactivate(new(DeactivationReasonCode.ShuttingDown, "This process is terminating."), cancellationToken);
                }

                await Task.WhenAll(activations.Select(activation => activation.Deactivated)).WaitAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            Logger.LogWarning("The silo stops though {Count} activations have not ended.", Catalog.All.Count);
        }

        foreach (var call in _timeouts.Take(_ => true))
        {
            _ = call.TryDecide(null, new SiloUnavailableException($"The silo stopped before the response arrived: {call.Request}."));
        }
    }

    /// <summary>Calls a grain method.</summary>
    /// <returns>What the caller waits for.</returns>
    public object Call(GrainReference target, MethodModel method, object?[] arguments)
    {
        var token = method.CancellationTokenIndex is { } index ? (CancellationToken)arguments[index]! : CancellationToken.None;
        token.ThrowIfCancellationRequested();
        var caller = TurnQueue.Running;
        var timeout = method.ResponseTimeout ?? (caller?.Owner is null ? _clientMessaging : (MessagingOptions)_messaging).ResponseTimeout;
        var request = new RequestMessage(this, target, method, arguments, timeout);
        if (method.OneWay)
        {
            _network.Send(request);
            return method.Shape.Completed;
        }

        var call = method.Shape.CreateCall(caller);
        object waiting = method.Shape.Wait(call);
        request.Call = call;
        call.Request = request;
        _timeouts.Add(call);
        _network.Send(request);
        if (token.CanBeCanceled)
        {
            // After the request, so that the cancellation cannot overtake it.
            call.OnCancellation(OnCancellation, token);
        }

        return waiting;
    }

    /// <summary>Sends a response.</summary>
    public void Respond(RequestMessage request, object? result, Exception? exception)
    {
        if (request.Call is not null)
        {
            _network.Send(new ResponseMessage(request, Address, result, exception));
        }
        else if (exception is not null)
        {
            Logger.LogWarning(exception, "One-way call {Request} failed.", request);
        }
    }

    /// <summary>Sends a request to the next activation of its grain.</summary>
    public void Forward(RequestMessage request)
    {
        if (++request.Forwards > _messaging.MaxForwardCount)
        {
            Respond(request, null, new OrleansMessageRejectionException($"{request} was forwarded {request.Forwards} times."));
        }
        else
        {
            _network.Send(request);
        }
    }

    /// <summary>Ends the calls that wait for a silo that is gone.</summary>
    public void OnSiloDead(SiloAddress dead)
    {
        foreach (var call in _timeouts.Take(call => call.Request.To.Equals(dead)))
        {
            _ = call.TryDecide(null, new SiloUnavailableException($"Silo {dead} died before it responded to {call.Request}."));
        }
    }

    public void Dispose() => _timeouts.Dispose();

    /// <summary>Takes a message from the network. May come from anywhere.</summary>
    public void Receive(IMessage message)
    {
        switch (message)
        {
            case RequestMessage request:
                ReceiveRequest(request);
                break;
            case ResponseMessage response:
                Decide(response.Request.Call!, response.Result, response.Exception);
                break;
            case CancelMessage cancel:
                cancel.Request.Activation?.Turns.Enqueue(cancel);
                break;
        }
    }

    private void ReceiveRequest(RequestMessage request)
    {
        if (Catalog.Find(request.Target) is { } activation)
        {
            activation.Receive(request);
        }
        else if (_open)
        {
            ReceiveFirst(request);
        }
        else
        {
            Respond(request, null, new SiloUnavailableException($"{Name} is not running; it cannot process {request}."));
        }
    }

    private void ReceiveFirst(RequestMessage request)
    {
        var created = Catalog.GetOrCreate(request.Target);
        if (ReferenceEquals(created.Silo, this))
        {
            created.Receive(request);
        }
        else
        {
            // Another silo was first.
            Forward(request);
        }
    }

    private void Decide(PendingCall call, object? result, Exception? exception)
    {
        _timeouts.Remove(call);
        _ = call.TryDecide(result, exception);
    }

    private void OnTimeout(PendingCall call)
    {
        var request = call.Request;
        (TurnScheduler as IThreadGuard)?.OnTimeout(request);
        if (call.TryDecide(null, new TimeoutException($"Response did not arrive on time in {request.Timeout} for message: {request}."))
            && _messaging.CancelRequestOnTimeout)
        {
            _network.Send(new CancelMessage(request));
        }
    }

    private void OnCancellation(PendingCall call, CancellationToken token)
    {
        if (!_messaging.WaitForCancellationAcknowledgement)
        {
            Decide(call, null, new OperationCanceledException(token));
        }

        _network.Send(new CancelMessage(call.Request));
    }
}
