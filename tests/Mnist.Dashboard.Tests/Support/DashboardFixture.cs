using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Mnist.Grains;

namespace Mnist.Dashboard.Tests.Support;

/// <summary>A coordinator and a browser, for all tests of the dashboard. Skips where there is no Chromium.</summary>
public sealed class DashboardFixture : IAsyncLifetime
{
    private static readonly string[] Flags =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    /// <summary>More than a page ever needs, also where other tests keep all processors busy.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mnist-dashboard-");
    private Coordinator? _coordinator;
    private IPlaywright? _playwright;
    private readonly List<string> _trained = [];
    private IBrowser? _browser;

    /// <summary>Where the dashboard is.</summary>
    public Uri Url => _coordinator!.Url;

    /// <summary>Program of the browser; null where there is none.</summary>
    public static string? Chromium { get; } =
        new[] { Environment.GetEnvironmentVariable("CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser" }
            .FirstOrDefault(File.Exists);

    public async ValueTask InitializeAsync()
    {
        if (Chromium is null)
        {
            return;
        }

        _coordinator = await Coordinator.StartAsync(_folder.FullName, StrokeDigits.Write(Data));
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium, Args = Flags });
    }

    /// <summary>Folder of the data set.</summary>
    public string Data => Path.Combine(_folder.FullName, "digits");

    /// <summary>Opens a window of its own. Skips the test where there is no browser.</summary>
    /// <param name="width">Width of the window.</param>
    /// <param name="height">Height of the window.</param>
    /// <param name="theme">Theme of the system.</param>
    public async Task<IPage> OpenAsync(int width = 1440, int height = 1000, ColorScheme theme = ColorScheme.Light)
    {
        Assert.SkipWhen(_browser is null, "There is no Chromium here: apt-get install chromium, or set CHROMIUM to its path.");
        var context = await _browser.NewContextAsync(new()
        {
            BaseURL = Url.ToString(),
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = theme,
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout((float)Patience.TotalMilliseconds);
        return await context.NewPageAsync();
    }

    /// <summary>Trains two small runs to the end, unless they are there.</summary>
    /// <returns>Their names.</returns>
    public async Task<IReadOnlyList<string>> TrainAsync()
    {
        foreach (var seed in _trained.Count == 0 ? (int[])[1, 2] : [])
        {
            _trained.Add(await TrainAsync(seed));
        }

        return _trained;
    }

    /// <summary>Trains a small run to the end.</summary>
    /// <returns>Its name.</returns>
    public async Task<string> TrainAsync(int seed)
    {
        using var client = new HttpClient { BaseAddress = Url };
        using var answer = await client.PostAsync("api/runs", JsonContent.Create(new { recipe = "tiny", seed, workers = 2 }));
        answer.EnsureSuccessStatusCode();
        var run = (await answer.Content.ReadFromJsonAsync<JsonObject>())!["runId"]!.GetValue<string>();

        // The stream of a run's events ends with the run.
        await client.GetStringAsync($"api/runs/{run}/events");
        return run;
    }

    /// <summary>Name of the newest run; null where there is none.</summary>
    public async Task<string?> NewestRunAsync()
    {
        using var client = new HttpClient { BaseAddress = Url };
        var runs = await client.GetFromJsonAsync<JsonObject>("api/runs?limit=1");
        return runs!["items"]!.AsArray().FirstOrDefault()?["runId"]!.GetValue<string>();
    }

    /// <summary>Waits until somebody has begun a run and it is trained.</summary>
    /// <param name="known">The newest run before.</param>
    /// <returns>Its name.</returns>
    public async Task<string> RunningAfterAsync(string? known)
    {
        var run = known;
        using var patience = new CancellationTokenSource(Patience);
        while (run == known)
        {
            patience.Token.ThrowIfCancellationRequested();
            run = await NewestRunAsync();
        }

        using var client = new HttpClient { BaseAddress = Url };
        using var events = new StreamReader(await client.GetStreamAsync($"api/runs/{run}/events", patience.Token));
        while (await events.ReadLineAsync(patience.Token) is { } line && line != "event: started")
        {
            // What comes before that: the run waits for its turn.
        }

        return run!;
    }

    /// <summary>Lets the workers of a run take longer for everything.</summary>
    /// <param name="run">The run.</param>
    /// <param name="workers">How many it has.</param>
    /// <param name="factor">How many times as long; 1 ends it.</param>
    public async Task SlowDownAsync(string run, int workers, double factor)
    {
        using var client = new HttpClient { BaseAddress = Url };
        for (var target = 0; target < workers; target++)
        {
            var fault = new { runId = run, kind = "slowWorker", target, factor, seconds = 3600 };
            using var answer = await client.PostAsync("api/faults", JsonContent.Create(fault));
            answer.EnsureSuccessStatusCode();
        }
    }

    /// <summary>Keeps a picture of a page.</summary>
    /// <param name="page">The page.</param>
    /// <param name="name">Name of the file, without its ending.</param>
    /// <param name="isWhole">Whether to take what is below the window, too.</param>
    public static async Task KeepAsync(IPage page, string name, bool isWhole = true)
    {
        // The bar stays at the top of the window, which is to be the top of the picture.
        await page.EvaluateAsync("() => scrollTo(0, 0)");
        await page.ScreenshotAsync(new()
        {
            Path = Path.Combine(Repository.Root, "artifacts", "screenshots", Edition.Name, $"{name}.png"),
            FullPage = isWhole,
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        _coordinator?.Dispose();
        _folder.Delete(recursive: true);
    }
}
