namespace Orleans
{
    /// <summary>Numbers of the stages in a silo's life.</summary>
    public static class ServiceLifecycleStage
    {
        /// <summary>The first stage.</summary>
        public const int First = int.MinValue;

        /// <summary>The runtime is initialized.</summary>
        public const int RuntimeInitialize = 2_000;

        /// <summary>The runtime's services start.</summary>
        public const int RuntimeServices = 4_000;

        /// <summary>Storage starts.</summary>
        public const int RuntimeStorageServices = 6_000;

        /// <summary>Grain services start; from here on grains may be called.</summary>
        public const int RuntimeGrainServices = 8_000;

        /// <summary>After the grain services.</summary>
        public const int AfterRuntimeGrainServices = 8_100;

        /// <summary>The application's services start.</summary>
        public const int ApplicationServices = 10_000;

        /// <summary>The silo is about to become active. When it ends, activations end.</summary>
        public const int BecomeActive = Active - 1;

        /// <summary>The silo is active.</summary>
        public const int Active = 20_000;

        /// <summary>The last stage.</summary>
        public const int Last = int.MaxValue;
    }
}

namespace Orleans.Runtime
{
    /// <summary>A silo's life.</summary>
    public interface ISiloLifecycle : ILifecycleObservable
    {
        /// <summary>The highest stage that has begun.</summary>
        int HighestCompletedStage { get; }

        /// <summary>The lowest stage that has ended.</summary>
        int LowestStoppedStage { get; }
    }

    /// <summary>Work that a silo does once it has started.</summary>
    public interface IStartupTask
    {
        /// <summary>Does the work.</summary>
        /// <param name="cancellationToken">Cancelled when the start is.</param>
        /// <returns>When it completes, the silo goes on.</returns>
        Task Execute(CancellationToken cancellationToken);
    }

    /// <summary>Says which silo this is.</summary>
    public interface ILocalSiloDetails
    {
        /// <summary>The silo's name.</summary>
        string Name { get; }

        /// <summary>The cluster's name.</summary>
        string ClusterId { get; }

        /// <summary>The machine's name.</summary>
        string DnsHostName { get; }

        /// <summary>The silo's address.</summary>
        SiloAddress SiloAddress { get; }

        /// <summary>Where clients connect.</summary>
        SiloAddress GatewayAddress { get; }
    }
}
