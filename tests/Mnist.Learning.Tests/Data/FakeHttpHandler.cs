using System.Net;

namespace Mnist.Learning.Tests.Data;

/// <summary>Answers requests from a table of file names.</summary>
internal sealed class FakeHttpHandler(Func<string, HttpResponseMessage> answer) : HttpMessageHandler
{
    private int _requests;

    public int Requests => _requests;

    public static HttpResponseMessage Bytes(byte[] content) => new(HttpStatusCode.OK) { Content = new ByteArrayContent(content) };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _requests);

        // Lets fetchers that run at once take turns.
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        return answer(Path.GetFileName(request.RequestUri!.AbsolutePath));
    }
}
