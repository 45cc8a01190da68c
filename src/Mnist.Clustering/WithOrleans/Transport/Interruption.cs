using System.Diagnostics.CodeAnalysis;

namespace Mnist.Clustering.Transport;

/// <summary>Ends the operation that waits, or else the next one, and none after that: what pipes promise of their pending calls.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A source that has no timer and is linked to none holds nothing to release.")]
internal sealed class Interruption
{
    private CancellationTokenSource _source = new();

    /// <summary>Cancelled when the operation at hand is to end.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Asks for it; any thread may.</summary>
    public void Request() => Volatile.Read(ref _source).Cancel();

    /// <summary>Asks for it when a token is cancelled, until the registration is disposed of.</summary>
    /// <param name="cancellationToken">The token of whoever waits.</param>
    public CancellationTokenRegistration RequestedBy(CancellationToken cancellationToken) =>
        cancellationToken.UnsafeRegister(static interruption => ((Interruption)interruption!).Request(), this);

    /// <summary>True when it was asked for; later operations do not end for that request.</summary>
    public bool Take()
    {
        if (!_source.IsCancellationRequested)
        {
            return false;
        }

        Volatile.Write(ref _source, new CancellationTokenSource());
        return true;
    }
}
