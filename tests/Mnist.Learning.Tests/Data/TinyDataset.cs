using System.Formats.Tar;
using System.Security.Cryptography;
using Mnist.Learning.Data;

namespace Mnist.Learning.Tests.Data;

/// <summary>A data set of three training images and two test images that stands in for MNIST.</summary>
internal static class TinyDataset
{
    public static IReadOnlyList<byte[]> Contents { get; } =
        [IdxBytes.Images(3), IdxBytes.Labels(1, 2, 3), IdxBytes.Images(2), IdxBytes.Labels(9, 0)];

    public static DatasetManifest Manifest { get; } = new(
        [.. DatasetManifest.Mnist.Files.Zip(Contents, (file, content) => new ManifestFile(file.Name, content.Length, Hash(content)))],
        Hash([.. Contents.SelectMany(content => content)]));

    public static int Length => Contents.Sum(content => content.Length);

    /// <summary>The content of a mirror's compressed file.</summary>
    public static byte[] Gzip(string name) => IdxBytes.Gzip(Contents[Manifest.Files.ToList().FindIndex(file => $"{file.Name}.gz" == name)]);

    public static byte[] NpmArchive(int files = 4)
    {
        using var buffer = new MemoryStream();
        using (var tar = new TarWriter(buffer, leaveOpen: true))
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "package/package.json") { DataStream = new MemoryStream([1, 2, 3]) });
            for (var i = 0; i < files; i++)
            {
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, $"package/data/{Manifest.Files[i].Name}")
                {
                    DataStream = new MemoryStream(Contents[i]),
                });
            }
        }

        return IdxBytes.Gzip(buffer.ToArray());
    }

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
