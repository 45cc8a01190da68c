using System.Text.RegularExpressions;
using Mnist.Coordinator.Training;
using Mnist.Grains.Contracts;
using Mnist.Learning;
using Orleans.Runtime;

namespace Mnist.Coordinator.Service;

/// <summary>What of an error is for everybody: one line, no paths of this machine, no internals.</summary>
internal static partial class PublicMessage
{
    private const int MaxLength = 500;

    /// <summary>The message of an error whose message was written for users; for any other a sentence that says nothing.</summary>
    public static string Of(Exception exception) => exception switch
    {
        System.Text.Json.JsonException => "the body is no JSON of the expected form: " + Clean(exception.Message),
        InvalidInputException or RunRejectedException or RunFailedException or ServiceException => Clean(exception.Message),
        OrleansException or TimeoutException => "the cluster does not answer; expected a silo that has joined",
        _ => "unexpected failure; the coordinator's log says more",
    };

    /// <summary>Takes paths and line breaks out of a text.</summary>
    public static string Clean(string text)
    {
        var clean = AbsolutePath().Replace(text.ReplaceLineEndings(" "), path => path.Value.Split('/', '\\')[^1]);
        return clean.Length <= MaxLength ? clean : $"{clean[..MaxLength]}…";
    }

    [GeneratedRegex(@"(?<![\w.~/\\-])(?:/|~/|[A-Za-z]:\\)[^\s'"":;,]*[/\\][^\s'"":;,]*")]
    private static partial Regex AbsolutePath();
}
