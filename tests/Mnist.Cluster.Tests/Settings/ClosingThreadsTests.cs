using System.Globalization;
using Mnist.Silo;

namespace Mnist.Cluster.Tests.Settings;

public sealed class ClosingThreadsTests
{
    /// <summary>Place of the priority, as of <c>nice</c>, among the numbers behind a thread's name (proc_pid_stat(5)).</summary>
    private const int Nice = 16;
    private const string Threads = "/proc/self/task";

    [Fact]
    public void Each_processor_has_a_thread_of_the_lowest_priority_that_is_bound_to_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux gives memory back on the thread that ends last");
        ClosingThreads.Start();

        var closing = Directory.GetDirectories(Threads).Where(thread => NameOf(thread) == ClosingThreads.Name).ToArray();

        Assert.All(closing, thread => Assert.Equal(ClosingThreads.Priority, PriorityOf(thread)));
        Assert.Equal(Processors(ProcessorsOf("/proc/self")), closing.SelectMany(thread => Processors(ProcessorsOf(thread))).Order());
        Assert.All(closing, thread => Assert.Single(Processors(ProcessorsOf(thread))));
    }

    private static string NameOf(string thread)
    {
        try
        {
            return ReadText(thread, "comm");
        }
        catch (IOException)
        {
            // A thread of somebody else that has ended since.
            return "";
        }
    }

    private static int PriorityOf(string thread)
    {
        var numbers = ReadText(thread, "stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return int.Parse(numbers[Nice], CultureInfo.InvariantCulture);
    }

    private static string ProcessorsOf(string folder)
    {
        const string Label = "Cpus_allowed_list:";
        return ReadText(folder, "status").Split('\n').Single(line => line.StartsWith(Label, StringComparison.Ordinal))[Label.Length..];
    }

    /// <summary>The numbers in a list such as <c>0-3,8</c>.</summary>
    private static int[] Processors(string list) => [.. list.Split(',')
        .Select(range => range.Split('-').Select(text => int.Parse(text, CultureInfo.InvariantCulture)).ToArray())
        .SelectMany(range => Enumerable.Range(range[0], range[^1] - range[0] + 1))];

    private static string ReadText(string folder, string file) => File.ReadAllText(Path.Combine(folder, file)).Trim();
}
