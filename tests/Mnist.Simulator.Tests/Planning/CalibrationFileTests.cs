using Mnist.Learning;
using Mnist.Simulator.Planning;

namespace Mnist.Simulator.Tests.Planning;

public sealed class CalibrationFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    private string FilePath => Path.Combine(_folder, "deeper", "calibration.json");

    [Fact]
    public void What_is_written_is_read_again()
    {
        var wide = Clusters.Calibration with { Recipe = "wide" };
        CalibrationFile.Read(FilePath).With(Clusters.Calibration).With(wide).Write(FilePath);

        var file = CalibrationFile.Read(FilePath);

        Assert.Equal(2, file.Calibrations.Count);
        Assert.Equal(wide.Server, file.Find("wide", 16)!.Server);
        Assert.Equal(wide.AloneSlice.Microseconds, file.Find("wide", 16)!.AloneSlice.Microseconds);
        Assert.Null(file.Find("wide", 32));
        Assert.Null(file.Find("small", 16));
        Assert.Equal([FilePath], Directory.GetFiles(Path.GetDirectoryName(FilePath)!));
    }

    [Fact]
    public void A_newer_calibration_takes_the_place_of_the_old_one()
    {
        var newer = Clusters.Calibration with { LoadMicroseconds = 7 };

        var file = CalibrationFile.Read(FilePath).With(Clusters.Calibration).With(newer);

        Assert.Equal(7, Assert.Single(file.Calibrations).LoadMicroseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"version\":1}")]
    [InlineData("{\"version\":2,\"calibrations\":[]}")]
    [InlineData("{\"version\":1,\"calibrations\":[null]}")]
    [InlineData("{\"version\":1,\"calibrations\":[{}]}")]
    public void Another_file_is_refused_in_one_line_that_names_it(string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        File.WriteAllText(FilePath, content);

        Refused();
    }

    [Fact]
    public void Times_below_zero_are_refused()
    {
        CalibrationFile.Read(FilePath).With(Clusters.Calibration with { AloneSlice = new Spread([-1]) }).Write(FilePath);

        Refused();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Refused()
    {
        var message = Assert.Throws<InvalidInputException>(() => CalibrationFile.Read(FilePath)).Message;

        Assert.StartsWith(FilePath, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }
}
