using Mnist.Learning.Files;

namespace Mnist.Learning.Tests.Files;

/// <summary>The machine's file system, except that one operation fails: the disk is full, or the process dies there.</summary>
internal sealed class FaultyFileSystem : IFileSystem
{
    private readonly PhysicalFileSystem _inner = PhysicalFileSystem.Instance;
    private readonly int _faultyOperation;
    private readonly bool _isCrash;
    private bool _isDead;

    /// <param name="faultyOperation">Index of the operation that fails.</param>
    /// <param name="isCrash">After a crash nothing more happens, not even tidying up.</param>
    public FaultyFileSystem(int faultyOperation, bool isCrash)
    {
        _faultyOperation = faultyOperation;
        _isCrash = isCrash;
    }

    public List<string> Operations { get; } = [];

    public Stream CreateNew(string path)
    {
        Step("create");
        return new FaultyStream(this, (FileStream)_inner.CreateNew(path));
    }

    public void FlushToDisk(Stream stream)
    {
        Step("flush");
        _inner.FlushToDisk(((FaultyStream)stream).Inner);
    }

    public void Rename(string source, string destination)
    {
        Step("rename");
        _inner.Rename(source, destination);
    }

    public void FlushFolder(string folder)
    {
        Step("flush folder");
        _inner.FlushFolder(folder);
    }

    public void Delete(string path)
    {
        if (!_isDead)
        {
            _inner.Delete(path);
        }
    }

    private void Step(string operation)
    {
        Operations.Add(operation);
        if (Operations.Count - 1 == _faultyOperation || _isDead)
        {
            _isDead = _isCrash;
            throw new IOException("No space left on device");
        }
    }

    /// <summary>Writes half of what it is given when the fault strikes, as a disk that fills up does.</summary>
    private sealed class FaultyStream(FaultyFileSystem files, FileStream inner) : Stream
    {
        public FileStream Inner => inner;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => inner.Length;

        public override long Position { get => inner.Position; set => throw new NotSupportedException(); }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count)
        {
            try
            {
                files.Step("write");
            }
            catch (IOException)
            {
                inner.Write(buffer, offset, count / 2);
                throw;
            }

            inner.Write(buffer, offset, count);
        }

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
