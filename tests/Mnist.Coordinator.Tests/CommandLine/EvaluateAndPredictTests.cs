using System.Text.Json.Nodes;
using Mnist.Coordinator.Tests.Support;

namespace Mnist.Coordinator.Tests.CommandLine;

public sealed class EvaluateAndPredictTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _data;
    private JsonObject _trained = [];

    public EvaluateAndPredictTests() => _data = SyntheticDataset.Write(_folder.At("data"));

    public async ValueTask InitializeAsync()
    {
        var finished = await MnistProcess.RunAsync(_folder, "train", "--json", "--data", _data, "--epochs", "8");
        _trained = finished.ExpectExitCode(0).Event("completed");
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_saved_model_evaluates_to_the_accuracy_of_its_run()
    {
        var model = Path.Combine(_trained["out"]!.GetValue<string>(), "model.safetensors");

        var finished = await MnistProcess.RunAsync(_folder, "evaluate", "--json", "--model", model, "--data", _data, "--out", "evaluation");

        var evaluation = finished.ExpectExitCode(0).Event("evaluation");
        Assert.Equal(_trained["testAccuracy"]!.GetValue<double>(), evaluation["accuracy"]!.GetValue<double>());
        Assert.Equal(_trained["testLoss"]!.GetValue<double>(), evaluation["loss"]!.GetValue<double>());
        Assert.Equal(_trained["weightsSha256"]!.GetValue<string>(), evaluation["weightsSha256"]!.GetValue<string>());
        var counts = evaluation["confusion"]!.AsArray().SelectMany(row => row!.AsArray());
        Assert.Equal(SyntheticDataset.TestCount, counts.Sum(count => count!.GetValue<int>()));
        Assert.True(File.Exists(_folder.At("evaluation", "evaluation.json")));
    }

    [Fact]
    public async Task Digits_are_recognized_by_the_newest_model()
    {
        SyntheticDataset.WritePgm(_folder.At("three.pgm"), 3);
        SyntheticDataset.WritePgm(_folder.At("eight.pgm"), 8);

        var finished = await MnistProcess.RunAsync(_folder, "predict", "--json", "three.pgm", "eight.pgm");

        var predictions = finished.ExpectExitCode(0).Events("prediction").ToArray();
        Assert.Equal([3, 8], predictions.Select(prediction => prediction["digit"]!.GetValue<int>()));
        Assert.All(predictions, prediction => Assert.Equal(10, prediction["probabilities"]!.AsArray().Count));
    }

    [Fact]
    public async Task A_person_reads_the_answer_and_ten_bars()
    {
        SyntheticDataset.WritePgm(_folder.At("seven.pgm"), 7);

        var finished = (await MnistProcess.RunAsync(_folder, "predict", "seven.pgm")).ExpectExitCode(0);

        Assert.StartsWith("seven.pgm: 7 (", finished.Output[0], StringComparison.Ordinal);
        Assert.Equal(11, finished.Output.Length);
    }

    [Fact]
    public async Task A_damaged_model_is_one_line_that_names_it()
    {
        var path = _folder.At(_trained["out"]!.GetValue<string>(), "model.safetensors");
        var content = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        content[^100] ^= 1;
        await File.WriteAllBytesAsync(_folder.At("damaged.safetensors"), content, TestContext.Current.CancellationToken);

        var finished = await MnistProcess.RunAsync(_folder, "evaluate", "--model", "damaged.safetensors", "--data", _data);

        finished.ExpectExitCode(2).ExpectError("damaged.safetensors: SHA-256 of the weights is ");
    }

    [Fact]
    public async Task A_file_that_is_no_picture_is_one_line_that_names_it()
    {
        await File.WriteAllTextAsync(_folder.At("note.png"), "not a picture", TestContext.Current.CancellationToken);

        var finished = await MnistProcess.RunAsync(_folder, "predict", "note.png");

        finished.ExpectExitCode(2).ExpectError("note.png: ");
    }

    [Fact]
    public async Task Files_that_are_not_mnist_do_not_verify()
    {
        var finished = await MnistProcess.RunAsync(_folder, "data", "verify", "--data", _data);

        Assert.All(
            finished.ExpectExitCode(2).Output, line => Assert.Contains("is not MNIST's: SHA-256 is ", line, StringComparison.Ordinal));
        Assert.Equal(4, finished.Output.Length);
    }
}
