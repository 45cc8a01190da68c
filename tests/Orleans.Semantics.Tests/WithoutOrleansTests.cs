namespace Orleans.Semantics.Tests;

public sealed class WithoutOrleansTests
{
    [Fact(Skip = "This build is the Embedded edition: Orleans' packages are absent, or were not to be used.")]
    public void Orleans_keeps_the_rules_of_its_simulation()
    {
    }
}
