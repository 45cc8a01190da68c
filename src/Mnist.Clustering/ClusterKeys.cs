namespace Mnist.Clustering;

/// <summary>Keys of the configuration. Those of section <c>Orleans</c> are Orleans' own, which Aspire sets, too.</summary>
public static class ClusterKeys
{
    /// <summary>Section of clustering.</summary>
    public const string Clustering = "Orleans:Clustering";

    /// <summary>Section of a silo's addresses.</summary>
    public const string Endpoints = "Orleans:Endpoints";

    /// <summary>Section of grain storages, one subsection for each name.</summary>
    public const string GrainStorage = "Orleans:GrainStorage";

    /// <summary>Name of the cluster.</summary>
    public const string ClusterId = "Orleans:ClusterId";

    /// <summary>Name under which state is stored; outlives clusters.</summary>
    public const string ServiceId = "Orleans:ServiceId";

    /// <summary>Seconds after which a silo that does not answer is declared dead.</summary>
    public const string DeadAfterSeconds = "Cluster:DeadAfterSeconds";

    /// <summary>Seconds that a silo may take to hand over its work before it is ended.</summary>
    public const string GraceSeconds = "Cluster:GraceSeconds";

    /// <summary>Worker slots of a silo.</summary>
    public const string WorkersPerSilo = "Training:WorkersPerSilo";

    /// <summary>Whether callers may harm workers and servers.</summary>
    public const string EnableFaults = "Faults:Enabled";
    /// <summary>What computes the gradients of a silo's workers.</summary>
    public const string Engine = "Training:Engine";

    /// <summary>Where libtorch computes, if it is the engine.</summary>
    public const string TorchDevice = "Training:TorchDevice";

    /// <summary>Folder of the data set.</summary>
    public const string Data = "Training:Data";

    /// <summary>Folder that all silos share, for checkpoints and, with Development clustering, for all other state.</summary>
    public const string StateDirectory = "Training:StateDirectory";

    /// <summary>In a section: the kind of provider.</summary>
    public const string ProviderType = "ProviderType";

    /// <summary>In <see cref="Clustering"/>: IP address and port of the silo that holds the membership.</summary>
    public const string Primary = "PrimarySiloEndPoint";

    /// <summary>In <see cref="Clustering"/>: a list of IP addresses and ports that clients connect to.</summary>
    public const string Gateways = "Gateways";

    /// <summary>In a section: how to connect.</summary>
    public const string ConnectionString = "ConnectionString";

    /// <summary>In a section: the entry of <c>ConnectionStrings</c> that says how to connect.</summary>
    public const string ConnectionName = "ConnectionName";

    /// <summary>In a section: Aspire's word for <see cref="ConnectionName"/>.</summary>
    public const string ServiceKey = "ServiceKey";

    /// <summary>In a section: the driver of a database.</summary>
    public const string Invariant = "Invariant";

    /// <summary>In a section of <see cref="GrainStorage"/>: the folder.</summary>
    public const string Directory = "Directory";
}
