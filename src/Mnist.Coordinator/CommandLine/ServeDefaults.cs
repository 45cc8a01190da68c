namespace Mnist.Coordinator.CommandLine;

/// <summary>What <c>serve</c> and the commands that talk to it agree on.</summary>
internal static class ServeDefaults
{
    /// <summary>Where a coordinator listens.</summary>
    public const string Url = "http://127.0.0.1:5080";

    /// <summary>Environment variable with a coordinator's URL.</summary>
    public const string UrlVariable = "MNIST_URL";

    /// <summary>Environment variable with a coordinator's token.</summary>
    public const string TokenVariable = "MNIST_TOKEN";

    /// <summary>What was typed, else what the environment says; null for neither.</summary>
    public static string? Choose(string? typed, string variable) =>
        (typed ?? Environment.GetEnvironmentVariable(variable)) is { Length: > 0 } text ? text : null;
}
