using Orleans.Simulation;

namespace Orleans.Runtime;

/// <summary>Values that travel with calls from caller to callee, and never back.</summary>
public static class RequestContext
{
    internal const string ReentrancyKey = "#CCR";

    private static readonly AsyncLocal<Dictionary<string, object>?> Local = new();

    /// <summary>The keys that have a value.</summary>
    public static IEnumerable<string> Keys => Local.Value?.Keys ?? Enumerable.Empty<string>();

    /// <summary>All values with their keys.</summary>
    public static IEnumerable<KeyValuePair<string, object>> Entries => Local.Value ?? Enumerable.Empty<KeyValuePair<string, object>>();

    /// <summary>Identifies the call chain whose calls may re-enter the grains that started it; empty for none.</summary>
    public static Guid ReentrancyId
    {
        get => Get(ReentrancyKey) is Guid id ? id : Guid.Empty;
        set
        {
            if (value == Guid.Empty)
            {
                _ = Remove(ReentrancyKey);
            }
            else
            {
                Set(ReentrancyKey, value);
            }
        }
    }

    /// <summary>The values as one object, which is never changed. Null stands for none.</summary>
    internal static Dictionary<string, object>? Current
    {
        get => Local.Value;
        set => Local.Value = value;
    }

    /// <summary>Lets the calls made before the section is disposed come back to this grain while it waits for them.</summary>
    /// <returns>The section.</returns>
    public static ReentrancySection AllowCallChainReentrancy()
    {
        var original = ReentrancyId;
        return new(original, original == Guid.Empty ? CallChain.NextId() : original);
    }

    /// <summary>Takes that back for the calls made before the section is disposed.</summary>
    /// <returns>The section.</returns>
    public static ReentrancySection SuppressCallChainReentrancy() => new(ReentrancyId, Guid.Empty);

    /// <summary>Gets a value.</summary>
    /// <param name="key">Its key.</param>
    /// <returns>The value; null if there is none.</returns>
    public static object? Get(string key) => Local.Value is { } values && values.TryGetValue(key, out object? value) ? value : null;

    /// <summary>Sets a value for the calls that follow.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="value">The value, which must be immutable.</param>
    public static void Set(string key, object value)
    {
        // A new dictionary each time: the old one may be on its way with a message.
        var values = Local.Value is { } old ? new Dictionary<string, object>(old) : new Dictionary<string, object>(1);
        values[key] = value;
        Local.Value = values;
    }

    /// <summary>Removes a value.</summary>
    /// <param name="key">Its key.</param>
    /// <returns>Whether there was one.</returns>
    public static bool Remove(string key)
    {
        if (Local.Value is not { } old || !old.ContainsKey(key))
        {
            return false;
        }

        var values = new Dictionary<string, object>(old);
        _ = values.Remove(key);
        Local.Value = values.Count == 0 ? null : values;
        return true;
    }

    /// <summary>Removes all values.</summary>
    public static void Clear()
    {
        if (Local.Value is not null)
        {
            Local.Value = null;
        }
    }

    /// <summary>The extent of a choice about re-entrancy.</summary>
    public readonly struct ReentrancySection : IDisposable
    {
        private readonly Guid _original;
        private readonly Guid _current;

        /// <summary>Enters a section.</summary>
        /// <param name="originalReentrancyId">The call chain outside.</param>
        /// <param name="newReentrancyId">The call chain inside.</param>
        public ReentrancySection(Guid originalReentrancyId, Guid newReentrancyId)
        {
            _original = originalReentrancyId;
            _current = newReentrancyId;
            ReentrancyId = newReentrancyId;
            if (newReentrancyId != Guid.Empty)
            {
                Activation.Current?.EnterCallChain(newReentrancyId);
            }
        }

        /// <summary>Leaves the section.</summary>
        public void Dispose()
        {
            if (_current != Guid.Empty)
            {
                Activation.Current?.ExitCallChain(_current);
            }

            ReentrancyId = _original;
        }
    }
}
