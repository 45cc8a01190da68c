using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Mnist.Dashboard.Tests.Support;

namespace Mnist.Dashboard.Tests;

/// <summary>What somebody who is shown the dashboard does with it.</summary>
[Collection(SharedDashboard.Name)]
public sealed partial class JourneyTests(DashboardFixture dashboard)
{
    private const int Workers = 3;
    private const int Epochs = 40;

    /// <summary>A bar, then a slope down to the left.</summary>
    private static readonly (float X, float Y)[] Seven = [(0.24f, 0.2f), (0.76f, 0.2f), (0.44f, 0.84f)];

    [Fact]
    public async Task A_run_is_started_loses_a_worker_finishes_and_its_model_knows_a_7()
    {
        var page = await dashboard.OpenAsync();
        var run = await StartRunAsync(page);
        await KillWorkerAsync(page, worker: 1);
        await dashboard.SlowDownAsync(run, Workers, factor: 1);
        await SeeItFinishAsync(page);
        await OpenConfusionAsync(page);
        await DrawSevenAsync(page);
    }

    [Fact]
    public async Task A_digit_is_drawn_by_keyboard()
    {
        var page = await dashboard.OpenAsync();
        var run = (await dashboard.TrainAsync())[0];
        await page.VisitAsync($"/draw?run={run}");
        await page.WaitForPadAsync();
        await page.Locator("canvas.pad").FocusAsync();

        // From where the pen begins, in the upper half: to the upper left, a bar to the right, a slope down to the left.
        await PressAsync(page, "ArrowLeft", 5);
        await PressAsync(page, "ArrowUp", 2);
        await page.Keyboard.PressAsync("Space");
        await PressAsync(page, "ArrowRight", 10);
        for (var i = 0; i < 6; i++)
        {
            await PressAsync(page, "ArrowDown", 2);
            await PressAsync(page, "ArrowLeft", 1);
        }

        await page.Keyboard.PressAsync("Space");
        await Verdict(page, "It looks like a 7");
        await page.Keyboard.PressAsync("Delete");
        await Verdict(page, "Nothing is drawn yet");
    }

    [Fact]
    public async Task A_run_that_does_not_fit_is_refused_beside_its_field()
    {
        var page = await dashboard.OpenAsync();
        await page.VisitAsync("/new");
        var epochs = page.GetByLabel("Epochs", new() { Exact = true });
        await epochs.FillAsync("0");
        await epochs.BlurAsync();
        await page.GetByText("expected a whole number from 1").WaitForAsync();
        Assert.Equal("true", await epochs.GetAttributeAsync("aria-invalid"));
        await epochs.FillAsync("1");
        await page.GetByText("More settings").ClickAsync();
        await page.GetByLabel("Batch", new() { Exact = true }).FillAsync("100");
        await page.GetByLabel("Slices", new() { Exact = true }).FillAsync("64");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start training" }).ClickAsync();
        await page.GetByRole(AriaRole.Alert).GetByText("a multiple of slices").WaitForAsync();
        Assert.EndsWith("/new", page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_has_ended_is_deleted_when_somebody_has_said_so_twice()
    {
        var page = await dashboard.OpenAsync();
        var run = await dashboard.TrainAsync(seed: 31);
        await page.VisitAsync($"/runs/{run}");
        await page.Locator(".badge.completed").First.WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "No", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Yes, delete", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Runs", Exact = true }).WaitForAsync();

        Assert.Equal(0, await page.GetByRole(AriaRole.Link, new() { Name = run }).CountAsync());
        await page.VisitAsync($"/runs/{run}");
        await page.GetByText("No run of that name").WaitForAsync();
    }

    /// <summary>Starts a run, and slows it down: it is not to be over before the browser has come to its workers.</summary>
    private async Task<string> StartRunAsync(IPage page)
    {
        await page.VisitAsync("/");
        await page.GetByRole(AriaRole.Link, new() { Name = "New run" }).ClickAsync();
        await page.GetByRole(AriaRole.Radio, new() { Name = "tiny" }).CheckAsync();
        await page.GetByLabel("Seed").FillAsync("7");
        await page.GetByLabel("Workers").FillAsync($"{Workers}");
        await page.GetByLabel("Epochs", new() { Exact = true }).FillAsync($"{Epochs}");
        await DashboardFixture.KeepAsync(page, "new-run");
        var before = await dashboard.NewestRunAsync();
        var click = page.GetByRole(AriaRole.Button, new() { Name = "Start training" }).ClickAsync();
        var run = await dashboard.RunningAfterAsync(before);
        await dashboard.SlowDownAsync(run, Workers, factor: 60);
        await click;
        await page.WaitForURLAsync(RunUrl());
        await page.Locator(".badge.running").First.WaitForAsync();
        return run;
    }

    private static async Task KillWorkerAsync(IPage page, int worker)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Workers" }).ClickAsync();

        // Only what a worker holds can be taken over.
        await page.Locator(".workers tbody tr").Nth(worker).Locator("td").Nth(1).GetByText(new Regex("\\d")).WaitForAsync();
        await page.GetByRole(AriaRole.Combobox, new() { Name = "worker", Exact = true }).SelectOptionAsync($"{worker}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Kill worker" }).ClickAsync();
        var list = page.Locator(".handovers");
        await list.GetByText($"worker {worker} killed").WaitForAsync();
        await list.GetByText(new Regex($"worker {worker} did not answer: worker \\d took over|worker \\d got .* from worker {worker}"))
            .First.WaitForAsync();
        await DashboardFixture.KeepAsync(page, "worker-killed");
    }

    private static async Task SeeItFinishAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Overview" }).ClickAsync();
        await page.GetByText("none twice").WaitForAsync();
        await DashboardFixture.KeepAsync(page, "run-live");
        await page.Locator(".badge.completed").First.WaitForAsync();
        var ledger = await page.Locator(".ledger").InnerTextAsync();
        var samples = 5500 * Epochs;
        Assert.Contains($"{samples:N0} of {samples:N0} samples", ledger, StringComparison.Ordinal);
        Assert.Contains("none twice", ledger, StringComparison.Ordinal);
        Assert.Contains("none missing", ledger, StringComparison.Ordinal);

        // The values under the pointer, and by keyboard.
        await page.Locator(".chart-frame").First.FocusAsync();
        await page.Keyboard.PressAsync("End");
        Assert.Contains("training", await page.Locator(".chart-tip").InnerTextAsync(), StringComparison.Ordinal);
        await page.Keyboard.PressAsync("Escape");
        await page.Locator(".chart-frame").First.BlurAsync();
        await DashboardFixture.KeepAsync(page, "dashboard", isWhole: false);
    }

    private static async Task OpenConfusionAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Confusion" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^\\d+ images of 7 classified correctly") }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^a 7 ?, classified correctly with ") }).First.ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "A 7", Exact = true }).WaitForAsync();
        await DashboardFixture.KeepAsync(page, "confusion");
    }

    private static async Task DrawSevenAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Draw" }).First.ClickAsync();
        await page.DrawAsync(Seven);
        await Verdict(page, "It looks like a 7");
        await DashboardFixture.KeepAsync(page, "draw");
        await page.GetByRole(AriaRole.Button, new() { Name = "Clear" }).ClickAsync();
        await Verdict(page, "Nothing is drawn yet");
    }

    private static Task Verdict(IPage page, string text) => page.Locator(".verdict-words").GetByText(text).WaitForAsync();

    private static async Task PressAsync(IPage page, string key, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await page.Keyboard.PressAsync(key);
        }
    }

    [GeneratedRegex("/runs/tiny-s7-")]
    private static partial Regex RunUrl();
}
