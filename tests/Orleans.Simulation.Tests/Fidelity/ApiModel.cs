namespace Orleans.Simulation.Tests;

/// <summary>What others see of a type, as text that can be compared.</summary>
/// <param name="Name">Full name, with the generic arity.</param>
/// <param name="Header">Kind, modifiers, base class, generic parameters with their constraints, and attribute usage.</param>
/// <param name="IsInterface">Whether it is an interface.</param>
/// <param name="Interfaces">The interfaces that it implements.</param>
/// <param name="Members">Its public and protected members by what tells them apart: name, arity and parameter types.</param>
internal sealed record ApiType(
    string Name, string Header, bool IsInterface, IReadOnlySet<string> Interfaces, IReadOnlyDictionary<string, ApiMember> Members);

/// <summary>What others see of a member.</summary>
/// <param name="Detail">Everything that must be equal: modifiers, result, parameter names and defaults, constraints, values of constants.</param>
/// <param name="IsOverride">Whether it only overrides what a base class declares, and so is nothing new.</param>
/// <param name="IsAbstract">Whether others must implement it.</param>
internal sealed record ApiMember(string Detail, bool IsOverride, bool IsAbstract);
