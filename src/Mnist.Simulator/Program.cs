#pragma warning disable
using Mnist.Simulator.Faults;
using Mnist.Simulator.Trials;
using System.Diagnostics;
ulong a = ulong.Parse(args[0]), b = ulong.Parse(args[1]);
var cov = new Coverage();
var w = Stopwatch.StartNew();
int fails = 0;
TimeSpan maxRec = default; double slow = 0;
for (var s = a; s <= b; s++)
{
    var t0 = w.Elapsed;
    using var t = new Trial(FaultPlanGenerator.Create(s), args.Length > 2 ? (at, x) => Console.WriteLine($"{at.TotalSeconds,10:f4} {x}") : null);
    if (args.Length > 3) { t.Cluster.Observed += e => { if (e.Time.TotalSeconds > double.Parse(args[3]) && e.Time.TotalSeconds < double.Parse(args[4])) Console.WriteLine($"{e.Time.TotalSeconds,10:f4}    {Timeline.DescribeAny(e)}"); }; }
    var r = t.Run();
    cov.Add(r.Coverage);
    var d = (w.Elapsed - t0).TotalMilliseconds;
    if (d > slow) { slow = d; Console.WriteLine($"slowest {s}: {d:f0} ms, {r.Events} events, {r.Duration}"); }
    if (r.Violation is null && r.Recovery > maxRec) { maxRec = r.Recovery; Console.WriteLine($"recovery {s}: {maxRec}"); }
    if (r.Violation is { } v && fails++ < 15) Console.WriteLine($"seed {s}: {v.Invariant}: {v.Reason.Split('\n')[0]} at {v.At}");
}
Console.WriteLine($"{b - a + 1} seeds, {fails} failed, {w.Elapsed.TotalMilliseconds / (b - a + 1):f1} ms a seed");
foreach (var (k, v) in cov.Counts) Console.WriteLine($"{v,8} {k}");
