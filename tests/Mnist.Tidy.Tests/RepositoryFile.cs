using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Mnist.Tidy.Tests;

/// <summary>A file of the repository.</summary>
internal sealed class RepositoryFile
{
    private readonly Lazy<SyntaxTree> _syntax;

    /// <summary>Makes a text file.</summary>
    /// <param name="path">Its path from the root of the repository, with slashes.</param>
    /// <param name="text">Its content.</param>
    public RepositoryFile(string path, string text)
        : this(path, Encoding.UTF8.GetByteCount(text), text)
    {
    }

    private RepositoryFile(string path, long length, string? text)
    {
        Path = path;
        Length = length;
        Text = text;
        Lines = text?.Split('\n') ?? [];
        var options = new CSharpParseOptions(LanguageVersion.Preview, DocumentationMode.None);
        _syntax = new(() => CSharpSyntaxTree.ParseText(Text ?? "", options, Path));
    }

    /// <summary>Path from the root of the repository, with slashes.</summary>
    public string Path { get; }

    /// <summary>Size in bytes.</summary>
    public long Length { get; }

    /// <summary>The content, or null when it is no text.</summary>
    public string? Text { get; }

    /// <summary>The lines, none when it is no text.</summary>
    public IReadOnlyList<string> Lines { get; }

    /// <summary>The content as C#.</summary>
    public SyntaxTree Syntax => _syntax.Value;

    /// <summary>Reads a file.</summary>
    /// <param name="folder">The root of the repository.</param>
    /// <param name="path">The path from there, with slashes.</param>
    public static RepositoryFile Read(string folder, string path)
    {
        var bytes = File.ReadAllBytes(System.IO.Path.Combine(folder, path));
        var isText = !bytes.AsSpan(0, Math.Min(bytes.Length, 8192)).Contains((byte)0);
        return new RepositoryFile(path, bytes.Length, isText ? Encoding.UTF8.GetString(bytes) : null);
    }

    /// <summary>Whether the file lies in a folder or is the file of that path.</summary>
    /// <param name="place">A folder's or a file's path.</param>
    public bool IsIn(string place) => Path == place || Path.StartsWith(place.TrimEnd('/') + "/", StringComparison.Ordinal);

    /// <summary>A finding on a line of this file.</summary>
    /// <param name="line">Its number, from 1.</param>
    /// <param name="message">What is wrong and what to do instead.</param>
    public Finding At(int line, string message) => new(Path, line, line <= Lines.Count ? Lines[line - 1].Trim() : "", message);

    /// <summary>A finding on a piece of syntax of this file.</summary>
    /// <param name="node">The syntax.</param>
    /// <param name="message">What is wrong and what to do instead.</param>
    public Finding At(SyntaxNode node, string message) => At(node.GetLocation().GetLineSpan().StartLinePosition.Line + 1, message);
}
