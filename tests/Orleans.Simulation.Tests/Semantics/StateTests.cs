using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Simulation.Tests;

public sealed class StateTests
{
    [Fact]
    public async Task State_outlives_the_activation()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<INotebook>("outlives");

        Assert.Equal("", await grain.Describe());
        await grain.Write("hello");
        string first = await grain.Describe();
        await grain.End();

        Assert.StartsWith("hello", first, StringComparison.Ordinal);
        Assert.Equal(first, await grain.Describe());
    }

    [Fact]
    public async Task State_that_was_not_written_is_lost()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<INotebook>("unwritten");
        await grain.Write("kept");
        await grain.Scribble("lost");
        await grain.End();

        Assert.StartsWith("kept", await grain.Describe(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cleared_state_is_gone()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<INotebook>("cleared");
        await grain.Write("text");

        await grain.Clear();

        Assert.Equal("", await grain.Describe());
        await grain.Write("again");
        Assert.StartsWith("again", await grain.Describe(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stale_writer_is_refused_and_deactivated()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<INotebook>("stale");
        await grain.Write("mine");
        await grain.WriteBehindItsBack("theirs");

        await Assert.ThrowsAsync<InconsistentStateException>(() => grain.Write("mine again"));

        // The activation that comes after it has read what is stored.
        Assert.StartsWith("theirs", await grain.Describe(), StringComparison.Ordinal);
        await grain.Write("mine at last");
        Assert.StartsWith("mine at last", await grain.Describe(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_provider_is_named()
    {
        await using var host = await GrainHost.StartAsync();

        var exception = await Assert.ThrowsAnyAsync<Exception>(() => host.Grains.GetGrain<IMisconfigured>("x").Touch());

        Assert.Contains("\"nowhere\"", exception.ToString(), StringComparison.Ordinal);
    }

    internal interface INotebook : IGrainWithStringKey
    {
        Task Write(string text);

        Task Scribble(string text);

        Task WriteBehindItsBack(string text);

        Task Clear();

        Task<string> Describe();

        Task End();
    }

    internal interface IMisconfigured : IGrainWithStringKey
    {
        Task Touch();
    }

    [GenerateSerializer]
    internal sealed class Page
    {
        [Id(0)]
        public string Text { get; set; } = "";
    }

    internal sealed class Notebook(
        [PersistentState("page")] IPersistentState<Page> page,
        IGrainStorage storage) : Grain, INotebook
    {
        public Task Write(string text)
        {
            page.State.Text = text;
            return page.WriteStateAsync();
        }

        public Task Scribble(string text)
        {
            page.State.Text = text;
            return Task.CompletedTask;
        }

        public async Task WriteBehindItsBack(string text)
        {
            var record = new GrainState<Page>();
            await storage.ReadStateAsync("page", this.GetGrainId(), record);
            record.State = new Page { Text = text };
            await storage.WriteStateAsync("page", this.GetGrainId(), record);
        }

        public Task Clear() => page.ClearStateAsync();

        public Task<string> Describe() => Task.FromResult(page.RecordExists ? $"{page.State.Text} {page.Etag}" : "");

        public Task End()
        {
            DeactivateOnIdle();
            return Task.CompletedTask;
        }
    }

    internal sealed class Misconfigured([PersistentState("state", "nowhere")] IPersistentState<Page> page) : Grain, IMisconfigured
    {
        public Task Touch() => page.WriteStateAsync();
    }
}
