using System.Globalization;
using System.Net;
using System.Text;
using Mnist.Coordinator.Tests.Support;

namespace Mnist.Coordinator.Tests.Web;

/// <summary>Requests that make no sense: whatever they are, the coordinator answers, and it is never its fault.</summary>
public sealed class FuzzTests : IDisposable
{
    /// <summary>How many requests; a long run says another number.</summary>
    private const string CountVariable = "MNIST_FUZZ_REQUESTS";
    private const int DefaultCount = 400;

    private static readonly string[] Paths =
    [
        "/api", "/api/runs", "/api/runs/{0}", "/api/runs/{0}/cancel", "/api/runs/{0}/pause", "/api/runs/{0}/resume",
        "/api/runs/{0}/events",
        "/api/runs/{0}/metrics", "/api/runs/{0}/ledger", "/api/runs/{0}/confusion", "/api/runs/{0}/samples?label={0}&correct={0}",
        "/api/runs/{0}/model", "/api/runs?status={0}&offset={0}&limit={0}", "/api/predict", "/api/predict?runId={0}",
        "/api/workers?runId={0}",
        "/api/faults", "/api/{0}",
    ];

    private static readonly string[] Types =
        [
        "application/json", "image/png", "application/x-msgpack", "text/plain", "application/x-www-form-urlencoded",
        "multipart/form-data",
    ];

    private static readonly string[] Bodies =
    [
        "", "{", "null", "[]", "\"\"", "1e999", """{"recipe":null}""", """{"recipe":{"recipe":"tiny"}}""", """{"recipe":"@/etc/passwd"}""",
        """{"epochs":-1}""", """{"epochs":99999999999999999999}""", """{"workers":0}""", """{"seed":"--help"}""", """{"pixels":null}""",
        """{"pixels":[null]}""", """{"pixels":[1e999]}""", """{"pixels":"abc"}""", """{"runId":"../..","kind":"killWorker","target":-5}""",
        """{"runId":"x","kind":17}""", """{"recipe":"tiny","recipe":"tiny"}""", """{"batch":7,"slices":3}""",
    ];

    private static readonly string[] HeaderNames =
    [
        "Last-Event-ID", "Accept", "If-None-Match", "Authorization", "Cookie", "Origin", "Range", "Expect", "Accept-Encoding",
        "X-HTTP-Method-Override", "X-Forwarded-For", "Sec-Fetch-Site", "traceparent", "If-Match", "Upgrade",
    ];

    private static readonly string[] HeaderValues =
    [
        "-1", "x", "\"", "application/x-msgpack", "Bearer", "Bearer \0", ";=;", "mnist-session=x", "99999999999999999999", "*/*;q=-1",
        "text/csv", "bytes=9-1", "W/\"\"", new('y', 5000), "00-zz-01", "websocket", "text/html",
    ];

    /// <summary>MessagePack: a run that would be right as JSON, and what is cut off, too deep, too long or none at all.</summary>
    private static readonly byte[][] Packed =
    [
        [0x81, 0xa6, .. "recipe"u8, 0xa4, .. "tiny"u8], [0x81, 0xa6, .. "recipe"u8], [0x82, 0xa6, .. "recipe"u8, 0xa4, .. "tiny"u8],
        [0xdd, 0xff, 0xff, 0xff, 0xff], [0xdf, 0x7f, 0xff, 0xff, 0xff, 0xa1], [0xc6, 0xff, 0xff, 0xff, 0xff, 1, 2, 3], [0xc1], [0xc0],
        [0xdb, 0x00, 0x00, 0x00, 0x02, 0xff, 0xfe], [.. Enumerable.Repeat((byte)0x91, 2000)], [0xcb, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0],
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Malformed_requests_are_the_callers_fault()
    {
        var count = int.TryParse(
            Environment.GetEnvironmentVariable(CountVariable), CultureInfo.InvariantCulture, out var wanted) ? wanted : DefaultCount;
        await using var coordinator = await TestCoordinator.StartAsync(_folder);
        using var client = coordinator.CreateClient();
        var random = new Random(count);
        for (var i = 0; i < count; i++)
        {
            using var request = Draw(random);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            using var response = await client.SendAsync(request, patience.Token);
            Assert.True(
                response.StatusCode < HttpStatusCode.InternalServerError,
                $"request {i}: {request.Method} {request.RequestUri}: {(int)response.StatusCode}");
            var isRead = request.Method == HttpMethod.Get || request.Method == HttpMethod.Head;
            Assert.True(isRead || response.StatusCode >= HttpStatusCode.BadRequest, $"request {i}: {request} was accepted");
        }

        Assert.Equal(0, (await client.GetJsonAsync("/api/runs")).GetProperty("total").GetInt32());
    }

    private static HttpRequestMessage Draw(Random random)
    {
        var path = string.Format(CultureInfo.InvariantCulture, Pick(random, Paths), Uri.EscapeDataString(Garbage(random)));
        var method = Pick(random, [HttpMethod.Get, HttpMethod.Post, HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete, HttpMethod.Patch]);
        var request = new HttpRequestMessage(method, path);
        if (method != HttpMethod.Get)
        {
            var body = random.Next(4) switch
            {
                0 => Noise(random),
                1 => Pick(random, Packed),
                _ => Encoding.UTF8.GetBytes(Pick(random, Bodies)),
            };
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", Pick(random, Types));
        }

        for (var left = random.Next(4); left > 0; left--)
        {
            request.Headers.TryAddWithoutValidation(Pick(random, HeaderNames), Pick(random, HeaderValues));
        }

        if (random.Next(4) == 0)
        {
            request.Headers.TryAddWithoutValidation("Accept", "application/x-msgpack");
        }

        return request;
    }

    /// <summary>Bytes, at times with the beginning of a picture.</summary>
    private static byte[] Noise(Random random)
    {
        var noise = new byte[random.Next(400)];
        random.NextBytes(noise);
        return random.Next(3) switch
        {
            0 => noise,
            1 => [0x89, .. "PNG\r\n\x1a\n\0\0\0\x0dIHDR"u8, .. noise],

            // A header that could be one, for an image of any size, and then nothing that is.
            _ =>
            [
                0x89, .. "PNG\r\n\x1a\n\0\0\0\x0dIHDR"u8, 0, 0, (byte)random.Next(256), (byte)random.Next(256), 0, 0,
                (byte)random.Next(256), (byte)random.Next(256), (byte)Pick(random, [1, 2, 4, 8, 16, 3]), (byte)random.Next(8), 0, 0, 0,
                .. noise,
            ],
        };
    }

    private static string Garbage(Random random) => Pick(
        random,
        [
            "..", "%2e%2e", "ü", "-1", "99999999999999999999", "true", "a/b", "'; drop", new string('x', 3000), "{0}", " ",
            "completed", "%00", "con", "tiny-s1-20260101-000000-0000", "a%2fb", "\u202e", "-0", "1e3", "NaN",
        ]);

    private static T Pick<T>(Random random, T[] choices) => choices[random.Next(choices.Length)];
}
