using Mnist.Coordinator.Service;
using Mnist.Learning;
using Orleans.Runtime;

namespace Mnist.Coordinator.Tests.Web;

public sealed class PublicMessageTests
{
    public static TheoryData<Exception, string> Messages => new()
    {
        { new InvalidInputException("/srv/digits/labels: expected 60,000 labels"), "labels: expected 60,000 labels" },
        { new OrleansException("S10.0.0.1:11111 cannot be reached"), "the cluster does not answer; expected a silo that has joined" },
        { new TimeoutException("no response from S10.0.0.1:11111"), "the cluster does not answer; expected a silo that has joined" },
        { new InvalidOperationException("of the program itself"), "unexpected failure; the coordinator's log says more" },
    };

    [Theory]
    [MemberData(nameof(Messages))]
    public void Callers_learn_what_they_can_mend_and_nothing_of_the_machine(Exception exception, string expected) =>
        Assert.Equal(expected, PublicMessage.Of(exception));
}
