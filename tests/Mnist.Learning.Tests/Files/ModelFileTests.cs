using Mnist.Learning.Files;
using Mnist.Learning.Specification;

namespace Mnist.Learning.Tests.Files;

public sealed class ModelFileTests : IDisposable
{
    private static readonly RunSpec Spec = Recipes.Create("tiny", 7, new string('a', 64), 60_000);
    private readonly TemporaryFolder _folder = new();

    private string Model => _folder.File("model.safetensors");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Weights_from_pytorch_give_pytorchs_outputs_in_our_layout()
    {
        File.WriteAllBytes(Model, TorchFixture.File);

        var state = TorchOrder.ToState(TorchFixture.Layout, Safetensors.Read(Model).Tensors);

        Assert.All(TorchFixture.Forward(state).Zip(TorchFixture.Outputs), pair => Assert.Equal(pair.Second, pair.First, 1e-5f));
    }

    [Fact]
    public void Weights_go_to_pytorchs_order_and_back_without_a_change()
    {
        File.WriteAllBytes(Model, TorchFixture.File);
        var torch = Safetensors.Read(Model).Tensors;

        var state = TorchOrder.ToState(TorchFixture.Layout, torch);
        var again = TorchOrder.FromState(TorchFixture.Layout, state).ToDictionary(tensor => tensor.Name);

        Assert.Equal(torch.Count, again.Count);
        Assert.All(torch, tensor => Assert.Equal(tensor.Shape, again[tensor.Name].Shape));
        Assert.All(torch, tensor => Assert.Equal(tensor.Values, again[tensor.Name].Values));
    }

    [Fact]
    public void A_model_is_read_back_with_its_specification()
    {
        var state = State();

        ModelFile.Write(Model, Spec, TorchFixture.Layout, state);
        var read = ModelFile.Read(Model, network => network == "fixture" ? TorchFixture.Layout : throw new InvalidInputException(network));

        Assert.Equal(state, read.State);
        Assert.Equal(Spec, read.Spec);
        Assert.Equal(WeightsHash.Compute(state), read.WeightsSha256);
    }

    [Fact]
    public void A_flipped_bit_in_the_weights_is_found()
    {
        ModelFile.Write(Model, Spec, TorchFixture.Layout, State());
        var bytes = File.ReadAllBytes(Model);
        bytes[^3] ^= 1;
        File.WriteAllBytes(Model, bytes);

        Assert.Contains("the file is damaged", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_metadata_is_refused()
    {
        File.WriteAllBytes(Model, TorchFixture.File);

        Assert.Equal($"{Model}: metadata 'formatVersion' is missing, expected a model that this program wrote", Refused());
    }

    [Theory]
    [InlineData("missing", "tensor 'dense.bias' of network fixture is missing")]
    [InlineData("unknown", "tensor 'dense.bias2' is not one of network fixture")]
    [InlineData("shape", "tensor 'dense.bias': shape is [3, 1], expected [3] for network fixture")]
    public void Tensors_of_another_network_are_refused(string fault, string message)
    {
        var tensors = TorchOrder.FromState(TorchFixture.Layout, State()).ToList();
        var index = tensors.FindIndex(tensor => tensor.Name == "dense.bias");
        switch (fault)
        {
            case "missing":
                tensors.RemoveAt(index);
                break;
            case "unknown":
                tensors.Add(tensors[index] with { Name = "dense.bias2" });
                break;
            default:
                tensors[index] = tensors[index] with { Shape = [3, 1] };
                break;
        }

        var error = Assert.Throws<InvalidInputException>(() => TorchOrder.ToState(TorchFixture.Layout, tensors));

        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void A_full_disk_is_reported_in_one_line_and_leaves_the_old_model()
    {
        ModelFile.Write(Model, Spec, TorchFixture.Layout, State());
        var before = File.ReadAllBytes(Model);
        var files = new FaultyFileSystem(faultyOperation: 2, isCrash: false);

        var error = Assert.Throws<InvalidInputException>(() => ModelFile.Write(Model, Spec, TorchFixture.Layout, State(2), files));

        Assert.Equal($"{Model}: cannot be written: No space left on device", error.Message);
        Assert.Equal(before, File.ReadAllBytes(Model));
    }

    private static float[] State(float scale = 1) => [.. Enumerable.Range(0, TorchFixture.Layout.StateLength).Select(i => i * scale)];

    private string Refused() => Assert.Throws<InvalidInputException>(() => ModelFile.Read(Model, _ => TorchFixture.Layout)).Message;
}
