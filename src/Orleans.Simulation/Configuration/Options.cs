namespace Orleans.Configuration;

/// <summary>Names the cluster.</summary>
public class ClusterOptions
{
    /// <summary>The name of a cluster that was given none.</summary>
    public const string DefaultClusterId = "default";

    /// <summary>The name of a service that was given none.</summary>
    public const string DefaultServiceId = "default";

    /// <summary>The cluster's name: silos of one name find each other.</summary>
    public string ClusterId { get; set; } = DefaultClusterId;

    /// <summary>The service's name, which outlives clusters.</summary>
    public string ServiceId { get; set; } = DefaultServiceId;
}

/// <summary>Names the silo.</summary>
public class SiloOptions
{
    /// <summary>The silo's name.</summary>
    public string SiloName { get; set; } = null!;
}

/// <summary>How calls behave.</summary>
public abstract class MessagingOptions
{
    /// <summary>How long a caller waits for a response.</summary>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether a caller that stops waiting cancels the call.</summary>
    public bool CancelRequestOnTimeout { get; set; }

    /// <summary>Whether a caller that cancels a call waits until the callee has noticed.</summary>
    public bool WaitForCancellationAcknowledgement { get; set; }
}

/// <summary>How calls from grains behave.</summary>
public class SiloMessagingOptions : MessagingOptions
{
    /// <summary>How often a request follows a grain that moves before it is given up.</summary>
    public int MaxForwardCount { get; set; } = 2;
}

/// <summary>How calls from outside the grains behave.</summary>
public class ClientMessagingOptions : MessagingOptions
{
}

/// <summary>When idle activations end.</summary>
public class GrainCollectionOptions
{
    /// <summary>The default of <see cref="CollectionQuantum"/>.</summary>
    public static readonly TimeSpan DEFAULT_COLLECTION_QUANTUM = TimeSpan.FromMinutes(1);

    /// <summary>The default of <see cref="ActivationTimeout"/>.</summary>
    public static readonly TimeSpan DEFAULT_ACTIVATION_TIMEOUT = TimeSpan.FromSeconds(30);

    /// <summary>The default of <see cref="DeactivationTimeout"/>.</summary>
    public static readonly TimeSpan DEFAULT_DEACTIVATION_TIMEOUT = TimeSpan.FromSeconds(30);

    /// <summary>How often idle activations are looked for.</summary>
    public TimeSpan CollectionQuantum { get; set; } = DEFAULT_COLLECTION_QUANTUM;

    /// <summary>How long an activation may be idle.</summary>
    public TimeSpan CollectionAge { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long activating may take.</summary>
    public TimeSpan ActivationTimeout { get; set; } = DEFAULT_ACTIVATION_TIMEOUT;

    /// <summary>How long deactivating may take.</summary>
    public TimeSpan DeactivationTimeout { get; set; } = DEFAULT_DEACTIVATION_TIMEOUT;
}

/// <summary>Where a silo listens. Embedded, nothing listens; the port only tells silos apart.</summary>
public class EndpointOptions
{
    /// <summary>The port for silos.</summary>
    public const int DEFAULT_SILO_PORT = 11111;

    /// <summary>The port for clients.</summary>
    public const int DEFAULT_GATEWAY_PORT = 30000;

    /// <summary>The address that other silos connect to.</summary>
    public System.Net.IPAddress AdvertisedIPAddress { get; set; } = System.Net.IPAddress.Loopback;

    /// <summary>The port for silos.</summary>
    public int SiloPort { get; set; } = DEFAULT_SILO_PORT;

    /// <summary>The port for clients.</summary>
    public int GatewayPort { get; set; } = DEFAULT_GATEWAY_PORT;
}

/// <summary>How storage in memory behaves.</summary>
public class MemoryGrainStorageOptions
{
    /// <summary>The default of <see cref="NumStorageGrains"/>.</summary>
    public const int NumStorageGrainsDefaultValue = 10;

    /// <summary>How many grains hold the records. Embedded, one object holds them all.</summary>
    public int NumStorageGrains { get; set; } = NumStorageGrainsDefaultValue;
}
