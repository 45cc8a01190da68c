using Microsoft.AspNetCore.Components.Authorization;
using Mnist.Coordinator.Service;
using Mnist.Coordinator.Web.Security;

namespace Mnist.Coordinator.Dashboard.Live;

/// <summary>
/// Whether the person at a page may do what changes or costs. Pages call the services directly, so that what the API checks for each
/// request is checked here for each action.
/// </summary>
/// <param name="states">Knows the person.</param>
public sealed class OperatorCheck(AuthenticationStateProvider states)
{
    /// <summary>Whether the person may change things.</summary>
    public async Task<bool> IsOperatorAsync() =>
        (await states.GetAuthenticationStateAsync()).User.IsInRole(TokenAuthentication.Operator);

    /// <summary>Goes on where the person may change things.</summary>
    /// <exception cref="ServiceException">The person may only look.</exception>
    public async Task RequireAsync()
    {
        if (!await IsOperatorAsync())
        {
            throw new ServiceException(
                ServiceProblem.Conflict, "this takes the token of the coordinator: type it at /login, then come back");
        }
    }
}
