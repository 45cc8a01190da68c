using System.CommandLine;
using Mnist.Coordinator.Output;
using Mnist.Learning.Data;

namespace Mnist.Coordinator.CommandLine.Commands;

/// <summary><c>mnist data</c>: fetches and checks data sets.</summary>
internal static class DataCommand
{
    /// <summary>How it is used.</summary>
    public static string[] Examples { get; } = ["mnist data fetch", "mnist data verify", "mnist data verify --data ~/fashion-mnist"];

    /// <summary>Makes the command.</summary>
    public static Command Create(Interruption interruption) =>
        new("data", "Fetch and check the data set") { CreateFetch(interruption), CreateVerify() };

    private static Command CreateFetch(Interruption interruption)
    {
        var force = OptionFactory.Flag("--force", "Fetch again even if the files are there");
        var command = new Command("fetch", "Fetch MNIST (55 MB) into the user's cache folder, checked by SHA-256") { force };
        command.SetAction(async (result, _) =>
        {
            var mode = Terminal.Mode(result.GetValue(GlobalOptions.Json));
            var isFetched = await DatasetLoader.FetchAsync(result.GetValue(force), mode, interruption.Token);
            var folder = CacheFolder.ForUser();
            if (mode == OutputMode.Json)
            {
                JsonLines.Write(new FetchedEvent(folder, isFetched), EventJsonContext.Default.FetchedEvent);
                return;
            }

            Console.Out.WriteLine(isFetched
                ? $"{folder}: fetched MNIST"
                : $"{folder}: holds all files already; `mnist data verify` checks them, --force fetches them again");
        });
        return command;
    }

    private static Command CreateVerify()
    {
        var command = new Command("verify", "Compare the files of a folder with MNIST's, by SHA-256; the exit code tells the verdict")
        {
            GlobalOptions.Data,
        };
        command.SetAction(result =>
        {
            var verdicts = MnistSource.Verify(result.GetValue(GlobalOptions.Data) ?? CacheFolder.ForUser());
            foreach (var verdict in verdicts)
            {
                if (result.GetValue(GlobalOptions.Json))
                {
                    JsonLines.Write(FileEvent.From(verdict), EventJsonContext.Default.FileEvent);
                }
                else
                {
                    Console.Out.WriteLine(verdict.IsAsExpected
                        ? $"{verdict.Path}: is MNIST's"
                        : $"{verdict.Path}: is not MNIST's: SHA-256 is {verdict.Sha256}, expected {verdict.ExpectedSha256}");
                }
            }

            return verdicts.All(verdict => verdict.IsAsExpected) ? ExitCode.Success : ExitCode.BadInput;
        });
        return command;
    }
}
