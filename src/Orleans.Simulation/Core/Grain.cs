using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Simulation;

namespace Orleans;

/// <summary>Base of grain classes.</summary>
public abstract class Grain : IGrainBase, IAddressable
{
    /// <summary>For the runtime, which constructs grains within their activation.</summary>
    protected Grain()
        : this(Activation.Current!)
    {
    }

    /// <summary>For tests that construct a grain themselves.</summary>
    /// <param name="grainContext">The activation.</param>
    /// <param name="grainRuntime">The runtime; that of the activation if null.</param>
    protected Grain(IGrainContext grainContext, IGrainRuntime? grainRuntime = null)
    {
        GrainContext = grainContext;
        Runtime = grainRuntime ?? grainContext?.ActivationServices.GetService<IGrainRuntime>()!;
    }

    /// <summary>The activation that runs this object.</summary>
    public IGrainContext GrainContext { get; }

    /// <summary>A reference to this grain.</summary>
    public GrainReference GrainReference => GrainContext.GrainReference;

    /// <summary>The grain's identity as text.</summary>
    public string IdentityString => GrainContext.GrainId.ToString();

    /// <summary>The silo's identity as text.</summary>
    public string RuntimeIdentity => Runtime?.SiloIdentity ?? string.Empty;

    /// <summary>Makes references to other grains.</summary>
    protected IGrainFactory GrainFactory => Runtime.GrainFactory;

    /// <summary>The services of this activation.</summary>
    protected internal IServiceProvider ServiceProvider => GrainContext?.ActivationServices ?? Runtime?.ServiceProvider!;

    internal IGrainRuntime Runtime { get; }

    /// <summary>Called before the first request.</summary>
    /// <param name="cancellationToken">Cancelled when activation takes too long.</param>
    /// <returns>When it completes, requests are processed.</returns>
    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Called after the last request. Not called when a silo crashes.</summary>
    /// <param name="reason">Why the activation ends.</param>
    /// <param name="cancellationToken">Cancelled when deactivation takes too long.</param>
    /// <returns>When it completes, the activation is gone.</returns>
    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends this activation once its running requests have completed; the next call makes a new one.</summary>
    protected void DeactivateOnIdle() => Runtime.DeactivateOnIdle(GrainContext);

    /// <summary>Keeps this activation from being collected while idle.</summary>
    /// <param name="timeSpan">For how long; zero takes an earlier delay back, an infinite one never ends.</param>
    protected void DelayDeactivation(TimeSpan timeSpan) => Runtime.DelayDeactivation(GrainContext, timeSpan);
}
