namespace Mnist.AppHost;

/// <summary>How silos find each other, and where state lies.</summary>
internal enum ClusteringKind
{
    /// <summary>Redis in a container.</summary>
    Container,

    /// <summary>A Redis that runs already, at <c>ConnectionStrings:redis</c>.</summary>
    Connection,

    /// <summary>The <c>redis-server</c> of this machine, in memory only.</summary>
    Executable,

    /// <summary>Without Redis: the coordinator holds the membership, and state lies in a folder.</summary>
    Development,
}
