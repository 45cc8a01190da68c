using System.Net;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Mnist.Dashboard.Tests.Support;

namespace Mnist.Dashboard.Tests;

/// <summary>What holds for every page.</summary>
[Collection(SharedDashboard.Name)]
public sealed class PageTests(DashboardFixture dashboard)
{
    private const int MostBytes = 500_000;
    private const int WidthOfPhone = 360;

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Pages_have_no_violations_of_accessibility(ColorScheme theme)
    {
        var page = await dashboard.OpenAsync(theme: theme);
        var found = new List<string>();
        foreach (var (_, path) in await PagesAsync())
        {
            await page.VisitAsync(path);
            var result = await page.RunAxe();
            found.AddRange(result.Violations.Select(violation =>
                $"{path}: {violation.Id}, {violation.Help}: {string.Join("; ", violation.Nodes.Take(3).Select(node => node.Html))}"));
        }

        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    [Theory]
    [InlineData(WidthOfPhone, ColorScheme.Light)]
    [InlineData(WidthOfPhone, ColorScheme.Dark)]
    [InlineData(1024, ColorScheme.Light)]
    [InlineData(1920, ColorScheme.Dark)]
    public async Task Pages_fit_the_width_of_the_screen(int width, ColorScheme theme)
    {
        var page = await dashboard.OpenAsync(width, 900, theme);
        foreach (var (name, path) in await PagesAsync())
        {
            await page.VisitAsync(path);
            await DashboardFixture.KeepAsync(page, $"{name}-{width}-{theme.ToString().ToLowerInvariant()}");
            Assert.Equal((path, width), (path, await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth")));
        }
    }

    [Fact]
    public async Task Pages_are_light_and_come_from_their_own_origin_within_the_policy()
    {
        var page = await dashboard.OpenAsync();
        var run = (await dashboard.TrainAsync())[0];
        var requests = new List<IRequest>();
        var complaints = new List<string>();
        page.RequestFinished += (_, request) => requests.Add(request);
        page.Console += (_, message) => complaints.AddRange(message.Type is "error" or "warning" ? [message.Text] : []);
        page.PageError += (_, error) => complaints.Add(error);
        await page.VisitAsync($"/runs/{run}");

        long bytes = 0;
        foreach (var request in requests.Where(request => !IsUncounted(request)))
        {
            var sizes = await request.SizesAsync();
            bytes += sizes.ResponseBodySize + sizes.ResponseHeadersSize;
        }

        Assert.True(requests.Count > 5, $"{requests.Count} requests");
        Assert.InRange(bytes, 1, MostBytes);
        TestContext.Current.TestOutputHelper?.WriteLine($"{bytes:N0} bytes in {requests.Count} requests, without Blazor's script");

        // Every page, with what its scripts do.
        foreach (var (_, path) in await PagesAsync())
        {
            await page.VisitAsync(path);
        }

        Assert.Empty(complaints);
        Assert.All(requests.Where(request => new Uri(request.Url).Scheme != "data"), request =>
            Assert.Equal(dashboard.Url.Authority, new Uri(request.Url).Authority));

        // Pictures within the page, and the script that every Blazor application has.
        static bool IsUncounted(IRequest request) =>
            new Uri(request.Url) is { Scheme: "data" } || request.Url.Contains("_framework/", StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_theme_is_the_systems_until_somebody_chooses_one()
    {
        var page = await dashboard.OpenAsync(theme: ColorScheme.Dark);
        await page.VisitAsync("/");
        Assert.Equal("dark", await page.Locator("html").GetAttributeAsync("data-theme"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Use the other theme" }).ClickAsync();
        Assert.Equal("light", await page.Locator("html").GetAttributeAsync("data-theme"));
        await page.VisitAsync("/draw");
        Assert.Equal("light", await page.Locator("html").GetAttributeAsync("data-theme"));
    }

    [Fact]
    public async Task Pages_of_other_origins_cannot_open_the_connection()
    {
        await dashboard.OpenAsync();
        using var client = new HttpClient { BaseAddress = dashboard.Url };
        foreach (var (origin, expected) in new[]
        {
            (dashboard.Url.GetLeftPart(UriPartial.Authority), HttpStatusCode.OK),
            ("https://example.org", HttpStatusCode.Forbidden),
            ("null", HttpStatusCode.Forbidden),
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "_blazor/negotiate?negotiateVersion=1");
            request.Headers.Add("Origin", origin);
            using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(expected, answer.StatusCode);
        }
    }

    private async Task<(string Name, string Path)[]> PagesAsync()
    {
        var runs = await dashboard.TrainAsync();
        var run = $"/runs/{runs[0]}";
        return
        [
            ("runs", "/"),
            ("new", "/new"),
            ("overview", run),
            ("workers", $"{run}/workers"),
            ("confusion", $"{run}/confusion"),
            ("cell", $"{run}/confusion?label=7&predicted=7"),
            ("digits", $"{run}/digits?show=right"),
            ("specification", $"{run}/specification"),
            ("draw", $"/draw?run={runs[0]}"),
            ("compare", $"/compare?a={runs[0]}&b={runs[1]}"),
            ("cluster", "/cluster"),
            ("missing", "/runs/missing"),
        ];
    }
}
