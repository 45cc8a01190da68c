using Mnist.Coordinator.Reports;

namespace Mnist.Coordinator.Runs;

/// <summary>Where the files of a run lie.</summary>
/// <param name="Path">The folder, as the user named it.</param>
internal sealed record RunFolder(string Path)
{
    /// <summary>Folder below the working directory that holds runs unless told otherwise.</summary>
    public const string DefaultParent = "runs";

    /// <summary>What is being trained; there from the start of the run.</summary>
    public string ManifestPath => At("run.json");

    /// <summary>The result, written last: a run without it is not finished.</summary>
    public string ResultPath => At(RunOutput.ResultName);

    /// <summary>The trained weights.</summary>
    public string ModelPath => At(RunOutput.ModelName);

    /// <summary>Checkpoints and what else the grains store.</summary>
    public string StatePath => At("state");

    /// <summary>Held open, exclusively, by the process that works on the run.</summary>
    public string LockPath => At(".lock");

    /// <summary>What happened to the run while a coordinator served it.</summary>
    public string EventsPath => At("events.jsonl");

    /// <summary>There where the run was cancelled.</summary>
    public string CancelledPath => At("cancelled");

    /// <summary>Whether a run was begun here.</summary>
    public bool HasRun => File.Exists(ManifestPath);

    /// <summary>Whether grains have stored anything of the run here.</summary>
    public bool HasState => Directory.Exists(StatePath);

    /// <summary>Whether a run was finished here.</summary>
    public bool HasResult => File.Exists(ResultPath);

    /// <summary>Whether the run was ended for good before it was finished.</summary>
    public bool IsCancelled => File.Exists(CancelledPath);

    /// <summary>Whether a run was begun here and can be finished.</summary>
    public bool IsInterrupted => HasRun && !HasResult && !IsCancelled;

    /// <summary>Where folders of runs wait to be removed: a place where nobody looks for runs.</summary>
    /// <param name="parent">Folder that holds runs.</param>
    public static string RemovedFolders(string parent) => System.IO.Path.Combine(parent, ".deleted");

    /// <summary>Moves the folder to where folders wait to be removed, in one go, so that nobody ever sees half a run.</summary>
    /// <param name="parent">Folder that holds it.</param>
    /// <exception cref="IOException">The file system refuses; the folder is where it was.</exception>
    public void MoveAway(string parent)
    {
        var target = RemovedFolders(parent);
        Directory.CreateDirectory(target);
        Directory.Move(Path, System.IO.Path.Combine(target, Guid.NewGuid().ToString("n")));
    }

    private string At(string name) => System.IO.Path.Combine(Path, name);
}
