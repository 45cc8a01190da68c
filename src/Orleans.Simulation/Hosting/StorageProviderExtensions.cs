using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Providers;
using Orleans.Storage;

namespace Orleans.Providers
{
    /// <summary>Names of providers.</summary>
    public static class ProviderConstants
    {
        /// <summary>The name of the default storage provider.</summary>
        public const string DEFAULT_STORAGE_PROVIDER_NAME = "Default";
    }
}

namespace Orleans.Runtime.Hosting
{
    /// <summary>Adds storage providers.</summary>
    public static class StorageProviderExtensions
    {
        /// <summary>
        /// Adds a provider under a name. One that is an <see cref="ILifecycleParticipant{T}"/> takes part in the silo's life.
        /// </summary>
        /// <typeparam name="T">The provider.</typeparam>
        /// <param name="collection">The host's services.</param>
        /// <param name="name">The name.</param>
        /// <param name="implementationFactory">Makes the provider from the services and the name.</param>
        /// <returns>The same services.</returns>
        public static IServiceCollection AddGrainStorage<T>(
            this IServiceCollection collection, string name, Func<IServiceProvider, string, T> implementationFactory)
            where T : IGrainStorage
        {
            _ = collection.AddKeyedSingleton<IGrainStorage>(name, (services, key) => implementationFactory(services, (string)key!));
            if (name == ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME)
            {
                collection.TryAddSingleton(services => services.GetRequiredKeyedService<IGrainStorage>(name));
            }

            if (typeof(ILifecycleParticipant<ISiloLifecycle>).IsAssignableFrom(typeof(T)))
            {
                _ = collection.AddSingleton(
                    services => (ILifecycleParticipant<ISiloLifecycle>)services.GetRequiredKeyedService<IGrainStorage>(name));
            }

            return collection;
        }
    }
}
