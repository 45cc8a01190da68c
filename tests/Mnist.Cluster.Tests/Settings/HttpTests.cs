using System.Text;
using Microsoft.Extensions.Configuration;
using Mnist.Learning;
using Mnist.Silo.Http;

namespace Mnist.Cluster.Tests.Settings;

public sealed class HttpTests
{
    [Fact]
    public void Nothing_is_served_without_a_port() => Assert.Null(HttpSettings.Read(new ConfigurationManager()));

    [Fact]
    public void A_dashboard_that_others_could_see_needs_a_token()
    {
        var configuration = new ConfigurationManager
        {
            ["Http:Port"] = "8080",
            ["Http:Address"] = "0.0.0.0",
            ["Dashboard:Enabled"] = "true",
        };

        var exception = Assert.Throws<InvalidInputException>(() => HttpSettings.Read(configuration));
        configuration["Dashboard:Token"] = "secret";

        Assert.StartsWith("Dashboard:Token is missing, ", exception.Message, StringComparison.Ordinal);
        Assert.Equal("secret", HttpSettings.Read(configuration)!.DashboardToken);
    }

    [Theory]
    [InlineData("Bearer secret", true)]
    [InlineData("bearer secret", true)]
    [InlineData("Bearer Secret", false)]
    [InlineData("Basic anybody:secret", true)]
    [InlineData("Basic secret:anybody", false)]
    [InlineData("Basic !", false)]
    [InlineData("Digest secret", false)]
    [InlineData("Bearer", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_password_is_a_bearer_token_or_that_of_any_user(string? header, bool isRight)
    {
        var parts = header?.Split(' ');
        var sent = parts is ["Basic", var pair] && pair.Contains(':', StringComparison.Ordinal)
            ? $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(pair))}"
            : header;

        Assert.Equal(isRight, new Password("secret").IsIn(sent));
    }
}
