using System.Diagnostics.Metrics;

namespace Mnist.ServiceDefaults.Metrics;

/// <summary>What a series is found by: its instrument and its tags, in whatever order these come.</summary>
internal sealed class SeriesKey
{
    private readonly KeyValuePair<string, object?>[] _tags;

    /// <summary>The key of what was measured.</summary>
    public SeriesKey(Measured measured)
    {
        Instrument = measured.Instrument;
        _tags = measured.Tags.ToArray();
        Labels = MetricNames.Labels(_tags);
    }

    /// <summary>Finds a key by what was measured, without making one: measurements are many, and the series they belong to few.</summary>
    public static IEqualityComparer<SeriesKey> Comparer { get; } = new TagComparer();

    /// <summary>The instrument.</summary>
    public Instrument Instrument { get; }

    /// <summary>The tags as Prometheus writes them.</summary>
    public string Labels { get; }

    /// <summary>An instrument, and the tags of one measurement.</summary>
    public readonly ref struct Measured(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        /// <summary>The instrument.</summary>
        public Instrument Instrument { get; } = instrument;

        /// <summary>The tags.</summary>
        public ReadOnlySpan<KeyValuePair<string, object?>> Tags { get; } = tags;
    }

    private sealed class TagComparer : IEqualityComparer<SeriesKey>, IAlternateEqualityComparer<Measured, SeriesKey>
    {
        public bool Equals(SeriesKey? left, SeriesKey? right) =>
            ReferenceEquals(left, right) || left is not null && right is not null && Equals(Of(left), right);

        public int GetHashCode(SeriesKey key) => GetHashCode(Of(key));

        public bool Equals(Measured measured, SeriesKey key)
        {
            if (measured.Instrument != key.Instrument || measured.Tags.Length != key._tags.Length)
            {
                return false;
            }

            for (var i = 0; i < key._tags.Length; i++)
            {
                if (!IsSame(measured.Tags[i], key._tags[i]) && !Contains(measured.Tags, key._tags[i]))
                {
                    return false;
                }
            }

            return true;
        }

        public int GetHashCode(Measured measured)
        {
            // A sum, so that the order of tags makes no difference. Names would add little: those of an instrument are the same.
            var hash = measured.Instrument.GetHashCode();
            foreach (var (_, value) in measured.Tags)
            {
                hash += value?.GetHashCode() ?? 0;
            }

            return hash;
        }

        public SeriesKey Create(Measured measured) => new(measured);

        private static Measured Of(SeriesKey key) => new(key.Instrument, key._tags);

        private static bool Contains(ReadOnlySpan<KeyValuePair<string, object?>> tags, KeyValuePair<string, object?> tag)
        {
            foreach (var candidate in tags)
            {
                if (IsSame(candidate, tag))
                {
                    return true;
                }
            }

            return false;
        }

        private static bool IsSame(KeyValuePair<string, object?> left, KeyValuePair<string, object?> right) =>
            left.Key == right.Key && Equals(left.Value, right.Value);
    }
}
