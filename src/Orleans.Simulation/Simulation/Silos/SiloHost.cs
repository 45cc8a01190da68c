using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Runtime;

namespace Orleans.Simulation;

/// <summary>Leads the silo through its life as its host starts and stops.</summary>
internal sealed class SiloHost : IHostedService, IDisposable
{
    private readonly Silo _silo;
    private readonly Lifecycle _lifecycle;
    private readonly IServiceProvider _services;
    private ITimer? _collector;

    public SiloHost(Silo silo, IServiceProvider services)
    {
        _silo = silo;
        _services = services;
        _lifecycle = new Lifecycle(silo.Logger);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = _lifecycle.Subscribe(
            nameof(Silo),
            ServiceLifecycleStage.RuntimeGrainServices,
            _ =>
            {
                _silo.Open();
                return Task.CompletedTask;
            });
        _ = _lifecycle.Subscribe(nameof(Silo), ServiceLifecycleStage.BecomeActive, StartCollecting, _silo.CloseAsync);
        foreach (var participant in _services.GetServices<ILifecycleParticipant<ISiloLifecycle>>())
        {
            participant.Participate(_lifecycle);
        }

        return _lifecycle.OnStart(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _collector?.Dispose();
        return _lifecycle.OnStop(cancellationToken);
    }

    public void Dispose() => _collector?.Dispose();

    private Task StartCollecting(CancellationToken cancellationToken)
    {
        var period = _silo.Collection.CollectionQuantum;
        _collector = _silo.Time.CreateTimer(_ => _silo.Catalog.Collect(_silo.Collection.CollectionAge), null, period, period);
        return Task.CompletedTask;
    }
}
