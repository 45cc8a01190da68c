using System.Net;
using System.Net.Sockets;

namespace Mnist.Clustering.Transport;

/// <summary>Where processes of one machine look for memory that they share.</summary>
internal static class SharedMemoryPath
{
    private const string Folder = "/dev/shm";
    private const string Prefix = "mnist-";
    private const string SiloPrefix = "mnist.alive-";

    /// <summary>Whoever is to find a file does so when it has received the message that the file was made for.</summary>
    private static readonly TimeSpan LongestUnfound = TimeSpan.FromMinutes(1);

    /// <summary>Networks of one machine have the same addresses, and their processes may have the same memory.</summary>
    private static readonly string? Network = NetworkOfThisProcess();

    /// <summary>The file for one direction; null where the other process is on another machine, or the system has no such files.</summary>
    /// <param name="socket">One end of a connection.</param>
    /// <param name="isSending">True for what this end sends, false for what it receives.</param>
    public static string? For(Socket socket, bool isSending)
    {
        if (Network is null || socket.LocalEndPoint is not IPEndPoint local || socket.RemoteEndPoint is not IPEndPoint remote
            || !local.Address.Equals(remote.Address))
        {
            return null;
        }

        var (from, to) = isSending ? (local, remote) : (remote, local);
        return $"{Folder}/{Prefix}{Network}-{local.Address}-{from.Port}-{to.Port}";
    }

    /// <summary>The file by which a silo shows that it is there; null where the system has no such files.</summary>
    /// <param name="silo">What its grains call the silo.</param>
    public static string? OfSilo(string silo) => Network is null ? null : $"{Folder}/{SiloPrefix}{Network}-{silo}";

    /// <summary>The files of all silos of this machine.</summary>
    public static IEnumerable<string> OfSilos() => Network is null ? [] : Directory.EnumerateFiles(Folder, SiloPrefix + "*");

    /// <summary>Removes files that nobody will find any more: a process that was killed leaves those that were not found yet.</summary>
    /// <param name="folder">Where they are.</param>
    public static void RemoveForgotten(string folder)
    {
        var oldest = DateTime.UtcNow - LongestUnfound;
        var files = new DirectoryInfo(folder);
        foreach (var file in files.Exists ? files.GetFiles(Prefix + "*").Where(file => file.LastWriteTimeUtc < oldest) : [])
        {
            Remove(file.FullName);
        }
    }

    /// <summary>Removes a file, if there is one.</summary>
    /// <param name="path">The file.</param>
    public static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is another user's.
        }
    }

    private static string? NetworkOfThisProcess()
    {
        try
        {
            // As in net:[4026531840].
            var name = Directory.Exists(Folder) ? File.ResolveLinkTarget("/proc/self/ns/net", returnFinalTarget: false)?.Name : null;
            return name is null ? null : string.Concat(name.Where(char.IsAsciiDigit));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
