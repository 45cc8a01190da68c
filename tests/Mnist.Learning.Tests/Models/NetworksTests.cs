using Mnist.Learning.Models;

namespace Mnist.Learning.Tests.Models;

public sealed class NetworksTests
{
    [Theory]
    [InlineData("tiny", 8_962, 274_752)]
    [InlineData("small", 29_434, 862_848)]
    [InlineData("wide", 80_186, 3_484_672)]
    [InlineData("classic", 1_199_882, 11_992_448)]
    [InlineData("mlp", 101_770, 101_632)]
    public void Each_network_has_its_documented_size(string name, int parameters, long multiplyAdds)
    {
        var network = Networks.Create(name);

        Assert.Equal(parameters, network.Layout.ParameterCount);
        Assert.Equal(multiplyAdds, network.ForwardMultiplyAdds);
    }

    [Fact]
    public void An_unknown_name_is_refused_with_the_names_that_exist()
    {
        var error = Assert.Throws<InvalidInputException>(() => Networks.Create("huge"));

        Assert.Equal("network: unknown name 'huge', expected one of tiny, small, wide, classic, mlp", error.Message);
    }

    [Fact]
    public void Every_listed_name_can_be_created() =>
        Assert.All(Networks.Names, name => Assert.Equal(name, Networks.Create(name).Name));

    [Fact]
    public void Tensors_are_named_as_in_PyTorch_with_the_statistics_last()
    {
        var layout = Networks.Create("tiny").Layout;

        Assert.Equal(
            [
                "conv1.weight", "bn1.weight", "bn1.bias", "conv2.weight", "bn2.weight", "bn2.bias", "conv3.weight", "bn3.weight",
                "bn3.bias", "fc.weight", "fc.bias", "bn1.running_mean", "bn1.running_var", "bn2.running_mean", "bn2.running_var",
                "bn3.running_mean", "bn3.running_var",
            ],
            layout.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([3, 3, 8, 16], layout.Tensors.Single(tensor => tensor.Name == "conv2.weight").Shape);
        Assert.Equal(layout.ParameterCount + 112, layout.StateLength);
    }

    [Fact]
    public void Fan_in_counts_the_inputs_of_one_output()
    {
        var tensors = Networks.Create("classic").Layout.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.FanIn);

        Assert.Equal(9, tensors["conv1.weight"]);
        Assert.Equal(288, tensors["conv2.weight"]);
        Assert.Equal(288, tensors["conv2.bias"]);
        Assert.Equal(9216, tensors["fc1.weight"]);
        Assert.Equal(128, tensors["fc2.bias"]);
    }
}
