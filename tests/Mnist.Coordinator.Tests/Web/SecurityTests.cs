using System.Net;
using Mnist.Coordinator.Tests.Support;
using Mnist.Coordinator.Web;
using Mnist.Learning;

namespace Mnist.Coordinator.Tests.Web;

public sealed class SecurityTests : IDisposable
{
    private const string Run = """{"recipe": "tiny", "epochs": 2000}""";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Changes_need_the_token_and_reads_on_this_machine_do_not()
    {
        await using var coordinator = await StartAsync("http://127.0.0.1:5080");
        using var anybody = coordinator.CreateClient();
        using var stranger = coordinator.CreateClient("not the token at all");
        foreach (var client in (HttpClient[])[anybody, stranger])
        {
            foreach (var path in (string[])["/api/runs", "/api/runs/x/cancel", "/api/predict", "/api/faults"])
            {
                using var refused = await client.PostJsonAsync(path, Run);
                Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
                Assert.Equal("Bearer", refused.Headers.WwwAuthenticate.Single().Scheme);
            }

            using var kept = await client.DeleteAsync("/api/runs/x");
            Assert.Equal(HttpStatusCode.Unauthorized, kept.StatusCode);
        }

        _ = await anybody.GetJsonAsync("/api/runs");
        using var owner = coordinator.CreateClient(TestCoordinator.Token);
        _ = await owner.BeginAsync(Run);
    }

    [Theory]
    [InlineData(false, HttpStatusCode.Unauthorized)]
    [InlineData(true, HttpStatusCode.OK)]
    public async Task Beyond_this_machine_reads_need_the_token_unless_they_are_public(bool publicRead, HttpStatusCode expected)
    {
        await using var coordinator = await StartAsync("http://0.0.0.0:5080", publicRead);
        using var anybody = coordinator.CreateClient();
        foreach (var path in (string[])["/api/runs", "/api/silos", "/metrics", "/openapi/v1.json"])
        {
            using var response = await anybody.GetAsync(path);
            Assert.Equal(expected, response.StatusCode);
        }

        using var live = await anybody.GetAsync("/health/live");
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        using var owner = coordinator.CreateClient(TestCoordinator.Token);
        _ = await owner.GetJsonAsync("/api/runs");
    }

    [Fact]
    public async Task A_browser_that_types_the_token_is_known_from_then_on()
    {
        await using var coordinator = await StartAsync("http://0.0.0.0:5080");
        using var browser = coordinator.CreateClient();
        using var page = await browser.GetAsync("/login");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        using var wrong = await browser.PostAsync("/login", new FormUrlEncodedContent([new("token", "something else, really")]));
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        using var right = await browser.PostAsync("/login", new FormUrlEncodedContent([new("token", TestCoordinator.Token)]));
        var cookie = Assert.Single(right.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.Ordinal);
        Assert.Contains("samesite=strict", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain(TestCoordinator.Token, cookie, StringComparison.Ordinal);
        browser.DefaultRequestHeaders.Add("Cookie", cookie.Split(';')[0]);
        _ = await browser.GetJsonAsync("/api/runs");
    }

    [Fact]
    public async Task A_page_of_another_origin_cannot_begin_a_run()
    {
        await using var coordinator = await TestCoordinator.StartAsync(_folder);
        using var client = coordinator.CreateClient();
        (string Name, string Value)[] foreign =
            [("Origin", "http://evil.example"), ("Origin", "null"), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site")];
        foreach (var (name, value) in foreign)
        {
            using var request = Post();
            request.Headers.Add(name, value);
            using var refused = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
            using var deletion = new HttpRequestMessage(HttpMethod.Delete, "/api/runs/x");
            deletion.Headers.Add(name, value);
            using var kept = await client.SendAsync(deletion);
            Assert.Equal(HttpStatusCode.Forbidden, kept.StatusCode);
        }

        using var plain = await client.PostAsync("/api/runs", new StringContent(Run));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, plain.StatusCode);
        using var rebound = Post();
        rebound.Headers.Host = "evil.example";
        using var elsewhere = await client.SendAsync(rebound);
        Assert.Equal(HttpStatusCode.Forbidden, elsewhere.StatusCode);
        Assert.Equal(0, (await client.GetJsonAsync("/api/runs")).GetProperty("total").GetInt32());

        using var own = Post();
        own.Headers.Add("Origin", "http://localhost");
        own.Headers.Add("Sec-Fetch-Site", "same-origin");
        using var begun = await client.SendAsync(own);
        Assert.Equal(HttpStatusCode.Created, begun.StatusCode);
    }

    [Fact]
    public async Task Every_answer_tells_browsers_to_be_careful()
    {
        await using var coordinator = await TestCoordinator.StartAsync(_folder);
        using var client = coordinator.CreateClient();
        foreach (var path in (string[])["/api/runs", "/api/nothing", "/login", "/health/live"])
        {
            using var response = await client.GetAsync(path);
            var policy = response.Headers.GetValues("Content-Security-Policy").First();
            Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        }
    }

    [Fact]
    public async Task Errors_name_no_folder_of_this_machine()
    {
        await using var coordinator = await TestCoordinator.StartAsync(_folder);
        using var client = coordinator.CreateClient();
        File.WriteAllText(_folder.At("runs"), "in the way");
        using var response = await client.PostJsonAsync("/api/runs", Run);
        var text = await response.Content.ReadAsStringAsync();
        Assert.False(response.IsSuccessStatusCode);
        Assert.DoesNotContain(_folder.Path, text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://0.0.0.0:80", null, "--token is missing")]
    [InlineData("http://*:80", null, "--token is missing")]
    [InlineData("http://127.0.0.1:80", "short", "--token has 5 characters")]
    [InlineData("ftp://127.0.0.1", null, "--urls: 'ftp://127.0.0.1'")]
    [InlineData("", null, "--urls is ''")]
    public void Settings_that_would_let_anybody_in_are_refused(string urls, string? token, string error)
    {
        var exception = Assert.Throws<InvalidInputException>(() => ServeSettings.Create(urls, token, publicRead: true));
        Assert.StartsWith(error, exception.Message, StringComparison.Ordinal);
    }

    private static HttpRequestMessage Post() => new(HttpMethod.Post, "/api/runs")
    {
        Content = new StringContent(Run, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")),
    };

    private Task<TestCoordinator> StartAsync(string url, bool publicRead = false) =>
        TestCoordinator.StartAsync(_folder, ServeSettings.Create(url, TestCoordinator.Token, publicRead));
}
