namespace Mnist.Dashboard.Tests.Support;

/// <summary>Tests that share a coordinator and a browser run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class SharedDashboard : ICollectionFixture<DashboardFixture>
{
    /// <summary>Its name.</summary>
    public const string Name = "dashboard";
}
