using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Mnist.Dashboard.Tests.Support;

namespace Mnist.Dashboard.Tests;

/// <summary>A dashboard that everybody may look at, and buttons for those who know the token.</summary>
[Collection(SharedDashboard.Name)]
public sealed class OperatorTests(DashboardFixture dashboard) : IDisposable
{
    private const string Token = "a token for tests only";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mnist-operator-");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Buttons_are_for_those_who_have_signed_in()
    {
        var page = await dashboard.OpenAsync();
        using var coordinator = await Support.Coordinator.StartAsync(_folder.FullName, dashboard.Data, Token);
        var run = await BeginAsync(coordinator.Url);

        await page.VisitAsync(new Uri(coordinator.Url, $"/runs/{run}/workers").ToString());
        foreach (var name in (string[])["Kill worker", "Pause", "Cancel", "Yes, cancel"])
        {
            await page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();
        }

        // One of them is said above the workers, the others above the page.
        await page.GetByText("this takes the token of the coordinator").Nth(1).WaitForAsync();

        await page.VisitAsync(new Uri(coordinator.Url, "/new").ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Start training" }).ClickAsync();
        await page.GetByText("this takes the token of the coordinator").First.WaitForAsync();
        using var client = new HttpClient { BaseAddress = coordinator.Url };
        var runs = (await client.GetFromJsonAsync<JsonObject>("api/runs", Stop))!;
        Assert.Equal(1, runs["total"]!.GetValue<int>());
        Assert.Equal("running", runs["items"]![0]!["status"]!.GetValue<string>());

        var timeline = (await client.GetFromJsonAsync<JsonObject>($"api/runs/{run}/workers", Stop))!;
        Assert.DoesNotContain(timeline["marks"]!.AsArray(), mark => mark!["type"]!.GetValue<string>() == "fault");

        await SignInAsync(page);
        await page.VisitAsync(new Uri(coordinator.Url, $"/runs/{run}/workers").ToString());
        Assert.Equal(0, await page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).CountAsync());
        await page.GetByRole(AriaRole.Button, new() { Name = "Kill worker" }).ClickAsync();
        await page.Locator(".handovers").GetByText("worker 0 killed").WaitForAsync();
    }

    private static async Task SignInAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync();
        var token = page.GetByLabel("Token of this coordinator");
        await token.FillAsync("not the token at all");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.GetByRole(AriaRole.Alert).GetByText("That is not the token").WaitForAsync();
        Assert.Empty((await page.RunAxe()).Violations);
        await DashboardFixture.KeepAsync(page, "sign-in");
        await token.FillAsync(Token);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.Locator("main[aria-busy=false]").WaitForAsync();
    }

    private static async Task<string> BeginAsync(Uri url)
    {
        using var client = new HttpClient { BaseAddress = url };
        client.DefaultRequestHeaders.Authorization = new("Bearer", Token);
        var options = JsonContent.Create(new { recipe = "tiny", epochs = 2000, workers = 2 });
        using var answer = await client.PostAsync("api/runs", options, Stop);
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>(Stop))!["runId"]!.GetValue<string>();
    }
}
