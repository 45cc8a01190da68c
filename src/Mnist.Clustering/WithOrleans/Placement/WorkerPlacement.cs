using Orleans;
using Orleans.Runtime;

namespace Mnist.Clustering.Placement;

/// <summary>On a silo that has a free worker slot.</summary>
[GenerateSerializer, Immutable, Alias("mnist.WorkerPlacement")]
internal sealed class WorkerPlacement : PlacementStrategy;
