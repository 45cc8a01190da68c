using System.Globalization;

namespace Mnist.Cluster.Tests.Processes;

/// <summary>A PostgreSQL server of a test's own, in a folder that the test removes.</summary>
internal static class PostgresProcess
{
    private const string User = "mnist";
    private const string Database = "postgres";

    /// <summary>Folder of the scripts that Orleans' documentation refers to, and that no package holds.</summary>
    private const string OrleansScripts = "MNIST_ORLEANS_SQL";

    /// <summary>Orleans' scripts for PostgreSQL, in the order in which they are applied.</summary>
    public static IReadOnlyList<string> Scripts { get; } =
        ["PostgreSQL-Main.sql", "PostgreSQL-Clustering.sql", "PostgreSQL-Persistence.sql"];

    /// <summary>Folder of Debian's newest server; null where there is none.</summary>
    public static string? Programs { get; } = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(folder => Path.Combine(folder, "bin"))
            .Where(folder => File.Exists(Path.Combine(folder, "postgres")))
            .MaxBy(folder => int.Parse(Path.GetFileName(Path.GetDirectoryName(folder)!), CultureInfo.InvariantCulture))
        : null;

    /// <summary>What starts a program as the server's user: the server refuses to run as root. The program takes its place, so that a
    /// signal reaches it.</summary>
    private static string[] AsPostgres =>
        [Processes.Programs.Find("setpriv")!, "--reuid", "postgres", "--regid", "postgres", "--clear-groups"];

    /// <summary>The folder of <see cref="Scripts"/>; skips the test where a server cannot be made.</summary>
    public static string FindScriptsOrSkip()
    {
        var isBuilt = Clustering.ClusterProviders.Optional.Contains(Clustering.ClusterProviders.AdoNet);
        Assert.SkipUnless(isBuilt, "Microsoft.Orleans.Clustering.AdoNet could not be restored");
        Assert.SkipWhen(Programs is null, "postgresql is not installed");
        Processes.Programs.SkipUnlessRoot();
        var scripts = Environment.GetEnvironmentVariable(OrleansScripts);
        Assert.SkipWhen(scripts is null, $"set {OrleansScripts} to a folder with Orleans' {string.Join(", ", Scripts)}");
        return scripts!;
    }

    /// <summary>Makes a server, starts it, and applies Orleans' scripts.</summary>
    /// <param name="folder">Where its data goes; not there yet.</param>
    /// <param name="port">Where it listens, on this machine only.</param>
    /// <param name="scripts">Folder of <see cref="Scripts"/>.</param>
    public static async Task<ChildProcess> CreateAsync(string folder, int port, string scripts)
    {
        Directory.CreateDirectory(folder);
        await RunAsync("chown", "postgres", folder);

        // Temporary folders are their owner's alone, and this one is in such a folder.
        await RunAsync("chmod", "a+x", Path.GetDirectoryName(folder)!);
        await RunAsync(
            [.. AsPostgres, Path.Combine(Programs!, "initdb"), "--pgdata", folder, "--username", User, "--auth", "trust", "--no-sync"]);
        var server = await StartAsync(folder, port);
        foreach (var script in Scripts)
        {
            await RunAsync(
                Path.Combine(Programs!, "psql"), "-h", "127.0.0.1", "-p", $"{port}", "-U", User, "-d", Database, "-q",
                "-v", "ON_ERROR_STOP=1", "-f", Path.Combine(scripts, script));
        }

        return server;
    }

    /// <summary>Starts a server that was made before, and waits until it answers.</summary>
    public static async Task<ChildProcess> StartAsync(string folder, int port)
    {
        string[] program =
        [
            .. AsPostgres, Path.Combine(Programs!, "postgres"), "-D", folder, "-h", "127.0.0.1", "-p", $"{port}", "-k", "", "-F",
        ];
        var server = ChildProcess.Start("postgres", "/", program[0], program[1..]);
        await server.WaitForLineAsync(
            "readiness", line => line.Contains("database system is ready to accept connections", StringComparison.Ordinal));
        return server;
    }

    /// <summary>How to connect to a server.</summary>
    public static string Connection(int port) => $"Host=127.0.0.1;Port={port};Username={User};Database={Database}";

    private static async Task RunAsync(params string[] program)
    {
        var file = program[0].StartsWith('/') ? program[0] : Processes.Programs.Find(program[0])!;
        await using var process = ChildProcess.Start(Path.GetFileName(file), "/", file, program[1..]);
        var exitCode = await process.WaitForExitAsync();
        Assert.True(exitCode == 0, $"{file} ended with {exitCode}\n{process.Describe()}");
    }
}
