using Mnist.Grains.Storage;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace Mnist.Coordinator.Service.Runs;

/// <summary>
/// Grain storage in the folders of the runs, so that a run which was begun by <c>serve</c> can be continued by <c>train</c>, and
/// the other way round.
/// </summary>
/// <param name="registry">Knows the folders.</param>
internal sealed class RunFolderStorage(RunRegistry registry) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        Of(grainId).ReadStateAsync(stateName, grainId, grainState);

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        Of(grainId).WriteStateAsync(stateName, grainId, grainState);

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        Of(grainId).ClearStateAsync(stateName, grainId, grainState);

    /// <summary>All grains of a run have its name, up to a slash, as their key.</summary>
    /// <exception cref="ServiceException">There is no such run, or not any more: nothing is to be stored of it.</exception>
    private FileGrainStorage Of(GrainId grainId) => registry.Get(grainId.Key.ToString()!.Split('/', 2)[0]).Storage;
}
