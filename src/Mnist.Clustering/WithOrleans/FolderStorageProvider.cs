using Microsoft.Extensions.Configuration;
using Mnist.Clustering;
using Mnist.Grains.Hosting;
using Orleans;
using Orleans.Hosting;
using Orleans.Providers;

[assembly: RegisterProvider(ClusterProviders.Folder, "GrainStorage", "Silo", typeof(FolderStorageProvider))]

namespace Mnist.Clustering;

/// <summary>Lets the configuration name a folder as grain storage, like Orleans' own providers.</summary>
internal sealed class FolderStorageProvider : IProviderBuilder<ISiloBuilder>
{
    /// <inheritdoc/>
    public void Configure(ISiloBuilder builder, string? name, IConfigurationSection configurationSection) =>
        builder.AddFileGrainStorage(name!, configurationSection[ClusterKeys.Directory]!);
}
