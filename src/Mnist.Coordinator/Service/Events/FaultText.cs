namespace Mnist.Coordinator.Service.Events;

/// <summary>Injected faults in words.</summary>
internal static class FaultText
{
    /// <summary>A fault in a few words.</summary>
    public static string Of(FaultOrder fault) => fault.Kind switch
    {
        InjectedFaultKind.KillWorker => $"worker {fault.Target} killed for {fault.Seconds:0.#} s",
        InjectedFaultKind.SlowWorker => $"worker {fault.Target} {fault.Factor:0.#} times slower for {fault.Seconds:0.#} s",
        InjectedFaultKind.DropMessages => $"worker {fault.Target} loses {fault.Probability:P0} of its messages for {fault.Seconds:0.#} s",
        _ => $"server {fault.Target} killed",
    };
}
