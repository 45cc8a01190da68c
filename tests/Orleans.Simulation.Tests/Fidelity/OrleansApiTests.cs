using System.Reflection;

namespace Orleans.Simulation.Tests;

/// <summary>Whatever compiles against our part of Orleans' API compiles against Orleans.</summary>
public sealed class OrleansApiTests
{
    private const string Abstractions = "Microsoft.Orleans.Core.Abstractions";

    // Orleans' other packages need not be there. This says which of them holds a type that Core.Abstractions does not.
    private static readonly Dictionary<string, string[]> Elsewhere = new()
    {
        ["Microsoft.Orleans.Serialization.Abstractions"] =
        [
            "Orleans.AliasAttribute", "Orleans.GenerateSerializerAttribute", "Orleans.IdAttribute", "Orleans.ImmutableAttribute",
            "Orleans.ResponseTimeoutAttribute",
        ],
        ["Microsoft.Orleans.Core"] =
        [
            "Orleans.Configuration.ClientMessagingOptions", "Orleans.Configuration.ClusterOptions",
            "Orleans.Configuration.MessagingOptions",
            "Orleans.GrainState`1", "Orleans.IClusterClient", "Orleans.IGrainState`1", "Orleans.KeepAliveAttribute",
            "Orleans.Runtime.ILocalSiloDetails", "Orleans.Runtime.IManagementGrain", "Orleans.Runtime.SiloStatus",
            "Orleans.Runtime.SimpleGrainStatistic", "Orleans.ServiceLifecycleStage", "Orleans.Storage.BadProviderConfigException",
            "Orleans.Storage.IGrainStorage", "Orleans.Storage.InconsistentStateException",
        ],
        ["Microsoft.Orleans.Runtime"] =
        [
            "Microsoft.Extensions.Hosting.OrleansSiloGenericHostExtensions", "Orleans.Configuration.EndpointOptions",
            "Orleans.Configuration.GrainCollectionOptions", "Orleans.Configuration.SiloMessagingOptions",
            "Orleans.Configuration.SiloOptions",
            "Orleans.Hosting.CoreHostingExtensions", "Orleans.Hosting.ISiloBuilder", "Orleans.Hosting.SiloBuilderExtensions",
            "Orleans.Hosting.SiloBuilderStartupExtensions", "Orleans.IFacetMetadata", "Orleans.Runtime.Hosting.StorageProviderExtensions",
            "Orleans.Runtime.IPersistentState`1", "Orleans.Runtime.IPersistentStateConfiguration", "Orleans.Runtime.ISiloLifecycle",
            "Orleans.Runtime.IStartupTask", "Orleans.Runtime.PersistentStateAttribute",
        ],
        ["Microsoft.Orleans.Persistence.Memory"] =
        [
            "Orleans.Configuration.MemoryGrainStorageOptions", "Orleans.Hosting.MemoryGrainStorageSiloBuilderExtensions",
        ],
    };

    // Interfaces that only the runtime implements may be smaller than they really are.
    private static readonly string[] ImplementedByTheRuntime =
    [
        "Orleans.IClusterClient", "Orleans.IGrainFactory", "Orleans.Runtime.IGrainContext", "Orleans.Runtime.IGrainLifecycle",
        "Orleans.Runtime.IGrainRuntime", "Orleans.Runtime.IManagementGrain", "Orleans.Timers.ITimerRegistry",
    ];

    private static readonly IReadOnlyDictionary<string, ApiType> Ours = ApiReader.Read(typeof(IGrain).Assembly.Location);

    public static TheoryData<string> OtherPackages => [.. Elsewhere.Keys];

    [Fact]
    public void Every_type_is_known_to_be_in_Orleans()
    {
        var real = ReadAbstractions();

        // The simulated cluster is our own; Orleans has no such namespace, so that it cannot be mistaken for Orleans' API.
        const string OwnNamespace = "Orleans.Simulation.";
        Assert.DoesNotContain(real.Keys, name => name.StartsWith(OwnNamespace, StringComparison.Ordinal));
        Assert.Empty(
            Ours.Keys.Where(name => !name.StartsWith(OwnNamespace, StringComparison.Ordinal))
                .Except(real.Keys).Except(Elsewhere.Values.SelectMany(types => types)).Order());
    }

    [Fact]
    public void Types_of_Core_Abstractions_are_as_they_really_are()
    {
        var real = ReadAbstractions();
        var shared = Ours.Keys.Intersect(real.Keys).Order().ToArray();

        Assert.True(shared.Length > 50, $"only {shared.Length} types were compared");
        AssertNone(Differences(shared, real));
    }

    [Theory]
    [MemberData(nameof(OtherPackages))]
    public void Types_of_other_packages_are_as_they_really_are(string package)
    {
        string? assembly = Assembly(package);
        Assert.SkipWhen(assembly is null, $"{package} {Metadata("OrleansVersion")} is not among the restored packages");
        var real = ApiReader.Read(assembly);

        Assert.Empty(Elsewhere[package].Except(real.Keys));
        AssertNone(Differences(Elsewhere[package], real));
    }

    private static void AssertNone(string[] differences) =>
        Assert.True(differences.Length == 0, string.Join(Environment.NewLine, differences));

    private static string[] Differences(IEnumerable<string> names, IReadOnlyDictionary<string, ApiType> real) =>
    [
        .. names.SelectMany(name => ApiComparer.Differences(
            Ours[name], real[name], completed: Ours[name].IsInterface && !ImplementedByTheRuntime.Contains(name))),
    ];

    private static IReadOnlyDictionary<string, ApiType> ReadAbstractions()
    {
        string? assembly = Assembly(Abstractions);
        Assert.SkipWhen(assembly is null, $"{Abstractions} {Metadata("OrleansVersion")} cannot be downloaded here, or was not to be");
        return ApiReader.Read(assembly);
    }

    private static string? Assembly(string package)
    {
        string folder = Path.Combine(
            Metadata("PackageFolder"), package.ToLowerInvariant(), Metadata("OrleansVersion"), "lib", $"net{Environment.Version.Major}.0");
        if (Directory.Exists(folder))
        {
            return Path.Combine(folder, $"{package["Microsoft.".Length..]}.dll");
        }

        return package == Abstractions && bool.Parse(Metadata("UseOrleansApi"))
            ? throw new DirectoryNotFoundException($"{folder} is missing though the build downloads it.")
            : null;
    }

    private static string Metadata(string key) =>
        typeof(OrleansApiTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
