using System.Globalization;
using System.Text;
using System.Text.Json;
using Mnist.Learning;
using Mnist.Learning.Files;
using Mnist.Simulator.Faults;
using Mnist.Simulator.Sweeps;
using Mnist.Simulator.Trials;

namespace Mnist.Simulator.Reports;

/// <summary>
/// The files of a sweep: <c>seeds.csv</c> with a line for each seed, <c>summary.json</c>, and <c>seed-N.json</c> for each that failed:
/// its plan, which stays what it is when other plans are drawn from seeds one day.
/// </summary>
internal sealed class SweepFiles
{
    private readonly string _folder;
    private readonly StringBuilder _rows = new("seed,invariant,events,event_hash,virtual_seconds,recovery_seconds\n");

    /// <summary>Makes the folder, if need be.</summary>
    /// <exception cref="InvalidInputException">There cannot be such a folder.</exception>
    public SweepFiles(string folder)
    {
        _folder = folder;
        Try(() => Directory.CreateDirectory(folder));
    }

    /// <summary>Adds a trial; if it failed, writes its plan.</summary>
    /// <exception cref="InvalidInputException">The plan cannot be written.</exception>
    public void Add(TrialResult result)
    {
        _rows.Append(
            CultureInfo.InvariantCulture,
            $"{result.Plan.Seed},{result.Violation?.Invariant},{result.Events},{SimulatorText.Hash(result.EventHash)},"
            + $"{result.Duration.TotalSeconds:F6},{result.Recovery.TotalSeconds:F6}\n");
        if (result.Violation is not null)
        {
            Try(() => FaultPlanJson.Write(Path.Combine(_folder, $"seed-{result.Plan.Seed}.json"), result.Plan));
        }
    }

    /// <summary>Writes the other files.</summary>
    /// <exception cref="InvalidInputException">They cannot be written.</exception>
    public void Write(SweepSummary summary) => Try(() =>
    {
        AtomicFile.WriteAllText(Path.Combine(_folder, "seeds.csv"), _rows.ToString());
        AtomicFile.WriteAllBytes(
            Path.Combine(_folder, "summary.json"),
            JsonSerializer.SerializeToUtf8Bytes(SweepEvent.From(summary), SimulatorJsonContext.Default.SweepEvent));
    });

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"--out {_folder}: cannot be written: {exception.Message}", exception);
        }
    }
}
