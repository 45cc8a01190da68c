using System.Net;
using Orleans.Runtime;

namespace Orleans.Simulation.Tests;

public sealed class IdentityTests
{
    [Fact]
    public async Task References_know_their_grains()
    {
        await using var host = await GrainHost.StartAsync();
        var guid = new Guid(1, 2, 3, [4, 5, 6, 7, 8, 9, 10, 11]);

        Assert.Equal("text", host.Grains.GetGrain<IText>("text").GetPrimaryKeyString());
        Assert.Equal(-7, host.Grains.GetGrain<INumber>(-7).GetPrimaryKeyLong());
        Assert.Equal(guid, host.Grains.GetGrain<IGuid>(guid).GetPrimaryKey());
        Assert.Equal("keyed/text", host.Grains.GetGrain<IText>("text").GetGrainId().ToString());
        Assert.Equal("numbers/FFFFFFFFFFFFFFF9", host.Grains.GetGrain<INumber>(-7).GetGrainId().ToString());
    }

    [Fact]
    public async Task References_to_the_same_grain_are_equal()
    {
        await using var host = await GrainHost.StartAsync();
        var one = host.Grains.GetGrain<IText>("same");
        var same = host.Grains.GetGrain<IText>(GrainId.Create("keyed", "same"));

        Assert.Equal(one, same);
        Assert.Equal(one.GetHashCode(), same.GetHashCode());
        Assert.NotEqual(one, host.Grains.GetGrain<IText>("other"));
        Assert.Same(one, one.AsReference<IText>());
        Assert.Equal("same", await one.AsReference<IOtherText>().Other());
    }

    [Fact]
    public void Identities_are_read_as_they_are_written()
    {
        var id = GrainId.Create("type", "key/with/slashes");

        Assert.Equal(id, GrainId.Parse(id.ToString()));
        Assert.False(GrainId.TryParse("nothing", out _));
        Assert.Throws<FormatException>(() => GrainId.Parse("nothing"));
    }

    [Fact]
    public void Silo_addresses_are_read_as_they_are_written()
    {
        var address = SiloAddress.New(IPAddress.Loopback, 11111, 42);

        Assert.Equal("127.0.0.1:11111@42", address.ToParsableString());
        Assert.Equal("S127.0.0.1:11111:42", address.ToString());
        Assert.Equal(address, SiloAddress.FromParsableString(address.ToParsableString()));
        Assert.NotEqual(address, SiloAddress.New(IPAddress.Loopback, 11111, 43));
        Assert.Throws<FormatException>(() => SiloAddress.FromParsableString("here"));
    }

    internal interface IText : IGrainWithStringKey
    {
    }

    internal interface IOtherText : IGrainWithStringKey
    {
        Task<string> Other();
    }

    internal interface INumber : IGrainWithIntegerKey
    {
    }

    internal interface IGuid : IGrainWithGuidKey
    {
    }

    internal sealed class KeyedGrain : Grain, IText, IOtherText
    {
        public Task<string> Other() => Task.FromResult(this.GetPrimaryKeyString());
    }

    [GrainType("numbers")]
    internal sealed class Number : Grain, INumber
    {
    }

    internal sealed class GuidKeyed : Grain, IGuid
    {
    }
}
