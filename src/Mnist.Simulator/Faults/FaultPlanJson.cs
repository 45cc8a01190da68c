using System.Text.Json;
using System.Text.Json.Serialization;
using Mnist.Learning;
using Mnist.Learning.Files;

namespace Mnist.Simulator.Faults;

/// <summary>Fault plans as JSON files.</summary>
public static class FaultPlanJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>The text of a plan.</summary>
    /// <param name="plan">The plan.</param>
    public static string Serialize(FaultPlan plan) => JsonSerializer.Serialize(plan, Options);

    /// <summary>Reads a plan.</summary>
    /// <param name="json">Its text.</param>
    /// <param name="source">Where it comes from, for messages.</param>
    /// <exception cref="InvalidInputException">It is not a plan; the message names the field.</exception>
    public static FaultPlan Parse(string json, string source)
    {
        try
        {
            var plan = JsonSerializer.Deserialize<FaultPlan>(json, Options)
                ?? throw new InvalidInputException($"{source}: is null, expected a fault plan");
            FaultPlanValidator.Validate(plan, source);
            return plan;
        }
        catch (JsonException exception)
        {
            throw new InvalidInputException($"{source}: is not a fault plan: {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
    }

    /// <summary>Reads the plan in a file.</summary>
    /// <param name="path">Path of the file.</param>
    /// <exception cref="InvalidInputException">There is no such file, or it holds no plan.</exception>
    public static FaultPlan Read(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{path}: cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Writes a plan to a file.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="plan">The plan.</param>
    public static void Write(string path, FaultPlan plan) => AtomicFile.WriteAllText(path, Serialize(plan) + "\n");
}
