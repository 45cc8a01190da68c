using Microsoft.AspNetCore.Components;
using Mnist.Coordinator.Service;
using Mnist.Grains.Contracts;
using Mnist.Learning;

namespace Mnist.Coordinator.Dashboard.Live;

/// <summary>
/// A component that shows what changes by itself. It reads when it is first shown, when its parameters change and then again and
/// again, as long as a browser is connected. What it reads lies in this process, so that asking costs little.
/// </summary>
public abstract class LiveComponent : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private string _reading = "";
    private string _refusal = "";

    /// <summary>Time between two readings.</summary>
    protected virtual TimeSpan Interval => TimeSpan.FromMilliseconds(500);

    /// <summary>Ends when the component does.</summary>
    protected CancellationToken Ended => _end.Token;

    /// <summary>Why the last action or reading failed, in one line; empty when it did not. What is said about an action stays until the
    /// next one, however often is read meanwhile.</summary>
    protected string Problem => _refusal.Length > 0 ? _refusal : _reading;

    /// <summary>Whether the last reading found that there is no such thing.</summary>
    protected bool IsMissing { get; private set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(isDisposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the readings.</summary>
    /// <param name="isDisposing">Whether somebody asked for it.</param>
    protected virtual void Dispose(bool isDisposing)
    {
        if (isDisposing && !_end.IsCancellationRequested)
        {
            _end.Cancel();
            _end.Dispose();
        }
    }

    /// <summary>Reads what the component shows.</summary>
    /// <returns>Whether it differs from what is shown.</returns>
    protected abstract Task<bool> ReadAsync();

    /// <inheritdoc/>
    protected override Task OnParametersSetAsync() => TryAsync(ReadAsync);

    /// <inheritdoc/>
    protected override void OnAfterRender(bool firstRender)
    {
        // Not reached while a page is only rendered for its first showing.
        if (firstRender)
        {
            _ = RepeatAsync(_end.Token);
        }
    }

    /// <summary>Does something that the user asked for, then shows what came of it.</summary>
    /// <param name="action">What to do.</param>
    /// <returns>Whether it was done.</returns>
    protected async Task<bool> ActAsync(Func<Task> action)
    {
        _refusal = TextOf(await RefusalOfAsync(action));
        await TryAsync(ReadAsync);
        StateHasChanged();
        return _refusal.Length == 0;
    }

    /// <summary>Why something was refused, where users can do something about it.</summary>
    private static async Task<Exception?> RefusalOfAsync(Func<Task> action)
    {
        try
        {
            await action();
            return null;
        }
        catch (Exception exception) when (exception is ServiceException or InvalidInputException or RunRejectedException)
        {
            return exception;
        }
    }

    private static string TextOf(Exception? refusal) => refusal is null ? "" : PublicMessage.Of(refusal);

    private async Task RepeatAsync(CancellationToken end)
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(end))
            {
                await InvokeAsync(async () =>
                {
                    var before = (Problem, IsMissing);
                    if (await TryAsync(ReadAsync) || before != (Problem, IsMissing))
                    {
                        StateHasChanged();
                    }
                });
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            // The browser left, or the user went elsewhere.
        }
    }

    private async Task<bool> TryAsync(Func<Task<bool>> action)
    {
        var isChanged = false;
        var refusal = await RefusalOfAsync(async () => isChanged = await action());
        _reading = TextOf(refusal);
        IsMissing = refusal is ServiceException { Problem: ServiceProblem.NotFound };
        return isChanged;
    }
}
