using Spectre.Console;

namespace Mnist.Coordinator.Output;

/// <summary>Standard output for people.</summary>
internal static class Terminal
{
    /// <summary>Width of lines that go to a file or a pipe, characters.</summary>
    private const int PlainWidth = 160;

    private static readonly Lazy<IAnsiConsole> Shared = new(Create);

    /// <summary>The console. Where output is redirected it writes no control codes, whatever the environment says.</summary>
    public static IAnsiConsole Console => Shared.Value;

    /// <summary>What to write to standard output.</summary>
    /// <param name="json">Whether JSON was asked for.</param>
    public static OutputMode Mode(bool json)
    {
        if (json)
        {
            return OutputMode.Json;
        }

        return System.Console.IsOutputRedirected ? OutputMode.Plain : OutputMode.Live;
    }

    private static IAnsiConsole Create()
    {
        var isRedirected = System.Console.IsOutputRedirected;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = isRedirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = isRedirected ? InteractionSupport.No : InteractionSupport.Detect,
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        if (isRedirected)
        {
            console.Profile.Width = PlainWidth;
        }

        return console;
    }
}
