using System.Globalization;
using System.Net;
using System.Text;

namespace Orleans.Runtime;

/// <summary>Identifies one life of a silo: its endpoint and a generation. Written "address:port@generation".</summary>
[Immutable]
public sealed class SiloAddress : IEquatable<SiloAddress>, IComparable<SiloAddress>
{
    private readonly string _text;

    private SiloAddress(IPEndPoint endpoint, int generation)
    {
        Endpoint = endpoint;
        Generation = generation;
        _text = string.Create(CultureInfo.InvariantCulture, $"{endpoint.Address}:{endpoint.Port}@{generation}");
    }

    /// <summary>The address of no silo.</summary>
    public static SiloAddress Zero { get; } = New(new IPAddress(0), 0, 0);

    /// <summary>Where the silo listens.</summary>
    [Id(0)]
    public IPEndPoint Endpoint { get; }

    /// <summary>Tells the lives of a silo apart.</summary>
    [Id(1)]
    public int Generation { get; }

    /// <summary>Makes an address.</summary>
    /// <param name="ep">Where the silo listens.</param>
    /// <param name="gen">Its generation.</param>
    /// <returns>The address.</returns>
    public static SiloAddress New(IPEndPoint ep, int gen) => new(ep, gen);

    /// <summary>Makes an address.</summary>
    /// <param name="address">The IP address on which the silo listens.</param>
    /// <param name="port">Its port.</param>
    /// <param name="generation">Its generation.</param>
    /// <returns>The address.</returns>
    public static SiloAddress New(IPAddress address, int port, int generation) => new(new IPEndPoint(address, port), generation);

    /// <summary>Reads what <see cref="ToParsableString"/> wrote.</summary>
    /// <param name="addr">The text.</param>
    /// <returns>The address.</returns>
    /// <exception cref="FormatException">The text is no silo address.</exception>
    public static SiloAddress FromParsableString(string addr)
    {
        int at = addr.LastIndexOf('@');
        return at > 0
            && IPEndPoint.TryParse(addr.AsSpan(0, at), out var endpoint)
            && int.TryParse(addr.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int generation)
            ? New(endpoint, generation)
            : throw new FormatException($"\"{addr}\" is no silo address of the form \"address:port@generation\".");
    }

    /// <summary>Writes the address so that <see cref="FromParsableString"/> can read it.</summary>
    /// <returns>The text.</returns>
    public string ToParsableString() => _text;

    /// <summary>A hash that is the same in every process.</summary>
    /// <returns>The hash.</returns>
    public int GetConsistentHashCode() => Simulation.StableHashing.Hash(Encoding.UTF8.GetBytes(_text));

    /// <inheritdoc/>
    public bool Equals(SiloAddress? other) => other is not null && string.Equals(_text, other._text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SiloAddress);

    /// <inheritdoc/>
    public override int GetHashCode() => GetConsistentHashCode();

    /// <inheritdoc/>
    public int CompareTo(SiloAddress? other) => string.CompareOrdinal(_text, other?._text);

    /// <inheritdoc/>
    public override string ToString() => $"{(Generation < 0 ? 'C' : 'S')}{Endpoint}:{Generation}";
}
