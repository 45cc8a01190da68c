using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace Mnist.Coordinator.CommandLine;

/// <summary>
/// Makes options that are null when they are not given, and whose errors say what was found and what was expected.
/// Numbers are read in the invariant culture.
/// </summary>
internal static class OptionFactory
{
    /// <summary>An option that takes a whole number within a range.</summary>
    public static Option<T?> WholeNumber<T>(string name, string valueName, string description, T min, T max)
        where T : struct, IBinaryInteger<T>
    {
        var option = WithValue<T?>(name, valueName, description);
        option.CustomParser = result => Parse(
            result,
            name,
            $"a whole number from {min} to {max}",
            (string text, out T value) =>
                T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= min && value <= max);
        return option;
    }

    /// <summary>An option that takes a number.</summary>
    /// <param name="name">Name of the option.</param>
    /// <param name="valueName">What the value is called in the help.</param>
    /// <param name="description">What the option does.</param>
    /// <param name="expected">What is accepted, for the error.</param>
    /// <param name="isValid">Whether a number is accepted.</param>
    public static Option<T?> Number<T>(string name, string valueName, string description, string expected, Func<T, bool> isValid)
        where T : struct, IFloatingPoint<T>
    {
        var option = WithValue<T?>(name, valueName, description);
        option.CustomParser = result => Parse(
            result,
            name,
            expected,
            (string text, out T value) =>
                T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && isValid(value));
        return option;
    }

    /// <summary>An option that takes one of a few words.</summary>
    public static Option<string?> Choice(string name, string description, IReadOnlyList<string> choices)
    {
        var option = WithValue<string?>(name, string.Join('|', choices), description);
        option.CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (choices.Contains(text))
            {
                return text;
            }

            result.AddError(Mismatch(name, text, $"one of {string.Join(", ", choices)}"));
            return null;
        };
        option.CompletionSources.Add(_ => choices.Select(choice => new System.CommandLine.Completions.CompletionItem(choice)));
        return option;
    }

    /// <summary>An option that takes a path. An empty one is refused.</summary>
    public static Option<string?> FilePath(string name, string valueName, string description) =>
        Text(name, valueName, description, "a path");

    /// <summary>An option that takes any text but an empty one.</summary>
    /// <param name="name">Name of the option.</param>
    /// <param name="valueName">What the value is called in the help.</param>
    /// <param name="description">What the option does.</param>
    /// <param name="expected">What is accepted, for the error.</param>
    public static Option<string?> Text(string name, string valueName, string description, string expected)
    {
        var option = WithValue<string?>(name, valueName, description);
        option.CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (!string.IsNullOrWhiteSpace(text))
            {
                return text;
            }

            result.AddError(Mismatch(name, text, expected));
            return null;
        };
        return option;
    }

    /// <summary>An option without a value.</summary>
    public static Option<bool> Flag(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.Zero };

    private static Option<T> WithValue<T>(string name, string valueName, string description) =>
        new(name) { HelpName = valueName, Description = description, Arity = ArgumentArity.ExactlyOne };

    private static T? Parse<T>(ArgumentResult result, string name, string expected, TryParse<T> tryParse)
        where T : struct
    {
        var text = result.Tokens[0].Value;
        if (tryParse(text, out var value))
        {
            return value;
        }

        result.AddError(Mismatch(name, text, expected));
        return null;
    }

    private static string Mismatch(string name, string found, string expected) =>
        $"{name} is '{found.ReplaceLineEndings(" ")}', expected {expected}";

    private delegate bool TryParse<T>(string text, out T value);
}
