using Mnist.Coordinator.Service;
using Mnist.Learning.Specification;

namespace Mnist.Coordinator.Dashboard.Submission;

/// <summary>What was typed into the form that starts a run.</summary>
public sealed class RunForm
{
    private readonly SortedDictionary<string, string> _values = new(StringComparer.Ordinal);
    private string _refusedField = "";
    private string _refusal = "";

    /// <summary>Name of the recipe.</summary>
    public string Recipe { get; set; } = Recipes.Names[0];

    /// <summary>Name of the optimizer; empty for the default.</summary>
    public string Optimizer { get; set; } = "";

    /// <summary>Shape of the schedule; empty for the default.</summary>
    public string Schedule { get; set; } = "";

    /// <summary><c>augment</c>, <c>no-augment</c>, or empty for what the recipe does.</summary>
    public string Augmentation { get; set; } = "";

    /// <summary>Whether nothing is known to be wrong.</summary>
    public bool IsValid => Fields.All(option => Error(option).Length == 0);

    private static IEnumerable<RunField> Fields => RunField.Common.Concat(RunField.Advanced);

    /// <summary>What was typed into a field.</summary>
    /// <param name="option">The field.</param>
    public string this[RunField option]
    {
        get => _values.GetValueOrDefault(option.Name, "");
        set
        {
            _values[option.Name] = value;
            if (option.Name == _refusedField)
            {
                _refusedField = "";
            }
        }
    }

    /// <summary>What is wrong with a field; empty where nothing is.</summary>
    /// <param name="field">The field.</param>
    public string Error(RunField field) => field.Name == _refusedField ? _refusal : field.Check(this[field]);

    /// <summary>Takes in why the coordinator refused the run.</summary>
    /// <param name="message">One line, which names the option that it is about.</param>
    public void Refuse(string message)
    {
        _refusal = message;
        _refusedField = Fields
            .Where(field => message.StartsWith($"--{field.Name} ", StringComparison.Ordinal)
                || message.StartsWith($"--{field.Name}:", StringComparison.Ordinal))
            .Select(field => field.Name).FirstOrDefault("");
    }

    /// <summary>The run that was asked for.</summary>
    public NewRun ToRun()
    {
        var options = new Dictionary<string, string> { ["recipe"] = Recipe };
        foreach (var (name, value) in _values.Append(new("optimizer", Optimizer)).Append(new("schedule", Schedule)))
        {
            if (value.Length > 0)
            {
                options[name] = value;
            }
        }

        if (Augmentation.Length > 0)
        {
            options[Augmentation] = "true";
        }

        return new NewRun(options);
    }
}
