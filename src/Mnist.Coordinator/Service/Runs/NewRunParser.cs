using System.CommandLine;
using Mnist.Coordinator.CommandLine.Commands;
using Mnist.Learning;

namespace Mnist.Coordinator.Service.Runs;

/// <summary>Reads the options of a run as <c>mnist train</c> reads them, with the same names, limits and errors.</summary>
internal static class NewRunParser
{
    /// <summary>Options of the command line that are about the machine that it is typed on.</summary>
    private static readonly string[] Local = ["--data", "--out", "--resume", "--cluster", "--patience"];

    /// <summary>Names of the options that a run can be begun with, without dashes in front.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Parser().Command.Options.Select(option => option.Name).Except(Local).Select(name => name.TrimStart('-'))];

    /// <summary>Reads options.</summary>
    /// <exception cref="InvalidInputException">An option is unknown or has no usable value.</exception>
    public static TrainArguments Parse(NewRun run)
    {
        var (command, options) = Parser();
        var tokens = new List<string>();
        foreach (var (name, value) in run.Options)
        {
            if (!Names.Contains(name))
            {
                throw new InvalidInputException($"'{Shorten(name)}' is no option of a run, expected {string.Join(", ", Names)}");
            }

            AddTokens(command.Options.Single(option => option.Name == $"--{name}"), value, tokens);
        }

        // Without the replacement of @file, by which a caller could read files of this machine.
        var result = command.Parse(tokens, new ParserConfiguration { ResponseFileTokenReplacer = null });
        return result.Errors is [var error, ..] ? throw new InvalidInputException(Shorten(error.Message)) : options.Read(result);
    }

    private static void AddTokens(Option option, string value, List<string> tokens)
    {
        if (option is not Option<bool>)
        {
            tokens.Add($"{option.Name}={value}");
            return;
        }

        switch (value)
        {
            case "true":
                tokens.Add(option.Name);
                break;
            case "false":
                break;
            default:
                throw new InvalidInputException($"{option.Name} is '{Shorten(value)}', expected true or false");
        }
    }

    private static (Command Command, TrainOptions Options) Parser()
    {
        var (command, options) = (new Command("train"), new TrainOptions());
        options.AddTo(command);
        return (command, options);
    }

    private static string Shorten(string text) => text.Length <= 200 ? text : $"{text[..200]}…";
}
