using System.Buffers.Binary;
using System.Text;
using Mnist.Learning.Files;

namespace Mnist.Learning.Tests.Files;

public sealed class SafetensorsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Model => _folder.File("model.safetensors");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read_back()
    {
        var content = new SafetensorsContent(
            [new("a.weight", [2, 3], [1, 2, 3, 4, 5, float.NaN]), new("b", [], [7])],
            new Dictionary<string, string> { ["key"] = "a \"quoted\" väl\nue" });

        Safetensors.Write(Model, content);
        var read = Safetensors.Read(Model);

        Assert.Equal(content.Metadata, read.Metadata);
        Assert.Equal(["a.weight", "b"], read.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([2, 3], read.Tensors[0].Shape);
        Assert.Equal(content.Tensors[0].Values, read.Tensors[0].Values);
        Assert.Equal([7f], read.Tensors[1].Values);
    }

    [Fact]
    public void The_bytes_are_those_of_the_format()
    {
        Safetensors.Write(Model, new SafetensorsContent([new("w", [1], [1.5f])], new Dictionary<string, string> { ["k"] = "v" }));

        var header = """{"__metadata__":{"k":"v"},"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""".PadRight(80);
        Assert.Equal([80, 0, 0, 0, 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(header), 0, 0, 0xC0, 0x3F], File.ReadAllBytes(Model));
    }

    [Theory]
    [InlineData("""{"w":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}""", "tensor 'w': element type is F16, expected F32")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "tensor 'w': 4 bytes, expected 8 for shape [2]")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1]}}""", "tensor 'w': expected dtype, shape and data_offsets")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", "tensor 'w': data_offsets are [4, 0]")]
    [InlineData("""{"w":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", "tensor 'w': shape holds -1")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", "tensor 'w': shape holds 1.5")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2147483647,2147483647,4],"data_offsets":[0,4]}}""", "tensor 'w': 4 bytes, expected ")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "tensor 'w': leaves a gap after the tensor before it: ")]
    [InlineData(
        """{"v":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""",
        "tensor 'w': overlaps the tensor before it: starts at 0, expected 4")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "truncated: 4 bytes of tensors, expected 8")]
    [InlineData("{}", "too long: 4 bytes of tensors, expected 0")]
    [InlineData("[]", "header is not a JSON object")]
    [InlineData("{", "header is not JSON")]
    [InlineData("""{"w":1}""", "tensor 'w': expected dtype, shape and data_offsets")]
    [InlineData("""{"w":{},"w":{}}""", "header is not JSON: ")]
    [InlineData("""{"__metadata__":{"k":1}}""", "metadata 'k' is not a string")]
    [InlineData("""{"__metadata__":[]}""", "__metadata__ is not a JSON object")]
    public void A_header_that_breaks_the_format_is_refused_with_the_tensor_and_the_fault(string header, string message)
    {
        var bytes = new byte[8 + header.Length + 4];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header.Length);
        Encoding.ASCII.GetBytes(header, bytes.AsSpan(8));

        AssertRefused(bytes, message);
    }

    [Theory]
    [InlineData(new byte[0], "0 bytes, expected a safetensors file of at least 8")]
    [InlineData(new byte[] { 9, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}' }, "header of 9 bytes in a file of 10: not a safetensors file")]
    [InlineData(new byte[] { 255, 255, 255, 255, 255, 255, 255, 255 }, "header of 18446744073709551615 bytes in a file of 8")]
    public void A_file_that_is_cut_short_or_foreign_is_refused(byte[] bytes, string message) => AssertRefused(bytes, message);

    [Fact]
    public void Every_cut_of_a_file_is_refused()
    {
        for (var length = 0; length < TorchFixture.File.Length; length++)
        {
            File.WriteAllBytes(Model, TorchFixture.File[..length]);
            Assert.Throws<InvalidInputException>(() => Safetensors.Read(Model));
        }
    }

    private void AssertRefused(byte[] bytes, string message)
    {
        File.WriteAllBytes(Model, bytes);
        var error = Assert.Throws<InvalidInputException>(() => Safetensors.Read(Model));
        Assert.StartsWith($"{Model}: {message}", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }
}
