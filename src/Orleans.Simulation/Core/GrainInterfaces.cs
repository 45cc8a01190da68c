using Orleans.Runtime;

namespace Orleans.Runtime
{
    /// <summary>Whatever can be called through a reference.</summary>
    public interface IAddressable
    {
    }
}

namespace Orleans
{
    /// <summary>Base of all grain interfaces.</summary>
    public interface IGrain : IAddressable
    {
    }

    /// <summary>A grain that a string identifies.</summary>
    public interface IGrainWithStringKey : IGrain
    {
    }

    /// <summary>A grain that an integer identifies.</summary>
    public interface IGrainWithIntegerKey : IGrain
    {
    }

    /// <summary>A grain that a GUID identifies.</summary>
    public interface IGrainWithGuidKey : IGrain
    {
    }

    /// <summary>What a grain class implements that does not derive from <see cref="Grain"/>.</summary>
    public interface IGrainBase
    {
        /// <summary>The activation that runs this object.</summary>
        IGrainContext GrainContext { get; }

        /// <summary>Called before the first request.</summary>
        /// <param name="token">Cancelled when activation takes too long.</param>
        /// <returns>When it completes, requests are processed.</returns>
        Task OnActivateAsync(CancellationToken token) => Task.CompletedTask;

        /// <summary>Called after the last request. Not called when a silo crashes.</summary>
        /// <param name="reason">Why the activation ends.</param>
        /// <param name="token">Cancelled when deactivation takes too long.</param>
        /// <returns>When it completes, the activation is gone.</returns>
        Task OnDeactivateAsync(DeactivationReason reason, CancellationToken token) => Task.CompletedTask;
    }
}
