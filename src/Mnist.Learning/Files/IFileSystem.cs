namespace Mnist.Learning.Files;

/// <summary>
/// The operations that writing a file safely is made of. Each is one step that a full disk or a crash can stop, so that
/// tests can stop at every one of them.
/// </summary>
public interface IFileSystem
{
    /// <summary>Creates a file that does not exist yet and opens it for writing.</summary>
    /// <param name="path">Path of the new file.</param>
    /// <exception cref="IOException">The file exists, or the file system refuses.</exception>
    Stream CreateNew(string path);

    /// <summary>Returns when everything that was written to the stream is on the disk.</summary>
    /// <param name="stream">A stream made by <see cref="CreateNew"/>.</param>
    void FlushToDisk(Stream stream);

    /// <summary>Gives a file another name in the same folder, atomically replacing what had that name.</summary>
    /// <param name="source">Path of the file.</param>
    /// <param name="destination">Its new path.</param>
    void Rename(string source, string destination);

    /// <summary>Returns when the folder's entries are on the disk, where the platform can say so.</summary>
    /// <param name="folder">Path of the folder.</param>
    void FlushFolder(string folder);

    /// <summary>Removes a file; does nothing where there is none.</summary>
    /// <param name="path">Path of the file.</param>
    void Delete(string path);
}
