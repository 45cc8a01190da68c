using System.Collections.Frozen;
using System.Collections.Immutable;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Orleans.Simulation.Tests;

/// <summary>Nothing is copied between grains, so that only what nobody can change may cross.</summary>
public sealed class ImmutabilityTests
{
    [Theory]
    [InlineData(typeof(int))]
    [InlineData(typeof(string))]
    [InlineData(typeof(DayOfWeek))]
    [InlineData(typeof(DateTimeOffset?))]
    [InlineData(typeof(Uri))]
    [InlineData(typeof(GrainId))]
    [InlineData(typeof(SiloAddress))]
    [InlineData(typeof(CancellationToken))]
    [InlineData(typeof(InvalidDataException))]
    [InlineData(typeof((int, string)))]
    [InlineData(typeof(ImmutableArray<ImmutableList<string>>))]
    [InlineData(typeof(FrozenDictionary<string, int>))]
    [InlineData(typeof(KeyValuePair<string, Guid>))]
    [InlineData(typeof(Immutable<byte[]>))]
    [InlineData(typeof(IPost))]
    [InlineData(typeof(Sealed))]
    [InlineData(typeof(Promised))]
    [InlineData(typeof(Nested))]
    [InlineData(typeof(Structure))]
    [InlineData(typeof(Recursive))]
    public void Immutable_types_may_cross(Type type) => Assert.Null(Immutability.Objection(type));

    [Theory]
    [InlineData(typeof(byte[]), "System.Byte[]")]
    [InlineData(typeof(List<int>), "List")]
    [InlineData(typeof(object), "System.Object")]
    [InlineData(typeof(ReadOnlyMemory<byte>), "ReadOnlyMemory")]
    [InlineData(typeof(IReadOnlyList<int>), "IReadOnlyList")]
    [InlineData(typeof(ImmutableArray<byte[]>), "System.Byte[]")]
    [InlineData(typeof((int, byte[])), "System.Byte[]")]
    [InlineData(typeof(Unmarked), "Unmarked")]
    [InlineData(typeof(Settable), "Text, which can be set")]
    [InlineData(typeof(Leaky), "Bytes, but System.Byte[]")]
    public void Other_types_are_refused_and_named(Type type, string named) =>
        Assert.Contains(named, Immutability.Objection(type), StringComparison.Ordinal);

    [Fact]
    public async Task A_mutable_argument_is_refused_at_the_call()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<IPost>("arguments");

        var exception = Assert.Throws<NotSupportedException>(() => { _ = grain.Bytes([1]); });

        Assert.Contains("\"data\"", exception.Message, StringComparison.Ordinal);
        Assert.Contains("System.Byte[]", exception.Message, StringComparison.Ordinal);
        Assert.Contains("[Immutable]", exception.Message, StringComparison.Ordinal);
        Assert.Equal(1, await grain.PromisedBytes([1]));
    }

    [Fact]
    public async Task A_mutable_result_is_refused_at_the_call()
    {
        await using var host = await GrainHost.StartAsync();

        Assert.Throws<NotSupportedException>(() => { _ = host.Grains.GetGrain<IPost>("results").Result(); });
    }

    [Fact]
    public async Task An_argument_whose_own_type_is_mutable_is_refused_though_its_declared_type_is_not()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<IPost>("derived");

        Assert.Equal("base", await grain.Open(new Open("base")));
        Assert.Throws<NotSupportedException>(() => { _ = grain.Open(new OpenAndMutable("derived")); });
    }

    [Fact]
    public async Task A_grain_passes_a_reference_and_not_itself()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<IPost>("self");

        await Assert.ThrowsAsync<NotSupportedException>(() => grain.PassItself(asReference: false));
        Assert.Equal("self", await grain.PassItself(asReference: true));
    }

    internal interface IPost : IGrainWithStringKey
    {
        Task<int> Bytes(byte[] data);

        Task<int> PromisedBytes([Immutable] byte[] data);

        Task<List<int>> Result();

        Task<string> Open(Open value);

        Task<string> PassItself(bool asReference);

        [AlwaysInterleave]
        Task<string> NameOf(IPost other);
    }

    [GenerateSerializer]
    internal sealed record Sealed([property: Id(0)] string Text, [property: Id(1)] ImmutableArray<int> Numbers);

    [GenerateSerializer]
    internal sealed record Nested([property: Id(0)] Sealed Inner, [property: Id(1), Immutable] byte[] Bytes);

    [GenerateSerializer]
    internal sealed record Recursive([property: Id(0)] string Text, [property: Id(1)] Recursive? Next);

    [Immutable]
    internal sealed class Promised
    {
        public byte[] Bytes { get; set; } = [];
    }

    [GenerateSerializer]
    internal struct Structure
    {
        [Id(0)]
        public int Number { get; set; }
    }

    internal sealed record Unmarked(string Text);

    [GenerateSerializer]
    internal sealed class Settable
    {
        [Id(0)]
        public string Text { get; set; } = "";
    }

    [GenerateSerializer]
    internal sealed record Leaky([property: Id(0)] byte[] Bytes);

    [GenerateSerializer]
    internal record Open([property: Id(0)] string Text);

    [GenerateSerializer]
    internal sealed record OpenAndMutable(string Text) : Open(Text)
    {
        [Id(0)]
        public int Number { get; set; }
    }

    internal sealed class Post : Grain, IPost
    {
        public Task<int> Bytes(byte[] data) => Task.FromResult(data.Length);

        public Task<int> PromisedBytes(byte[] data) => Task.FromResult(data.Length);

        public Task<List<int>> Result() => Task.FromResult(new List<int>());

        public Task<string> Open(Open value) => Task.FromResult(value.Text);

        public Task<string> PassItself(bool asReference) => this.AsReference<IPost>().NameOf(asReference ? this.AsReference<IPost>() : this);

        public Task<string> NameOf(IPost other) => Task.FromResult(other.GetPrimaryKeyString());
    }
}
