using Mnist.Learning;

namespace Mnist.Coordinator.CommandLine;

/// <summary>Asks whoever sits at the terminal before something is done that cannot be undone.</summary>
internal static class Confirmation
{
    /// <summary>Asks a question on standard error, so that standard output stays for programs.</summary>
    /// <param name="question">What is to be done, with a question mark.</param>
    /// <returns>Whether the answer is yes.</returns>
    /// <exception cref="InvalidInputException">There is nobody to ask.</exception>
    public static bool Ask(string question)
    {
        if (Console.IsInputRedirected || Console.IsErrorRedirected)
        {
            throw new InvalidInputException("--yes is missing, expected it where there is no terminal to ask at");
        }

        Console.Error.Write($"{question} [y/N] ");
        return Console.In.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }
}
