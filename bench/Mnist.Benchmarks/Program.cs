using Mnist.Benchmarks.CommandLine;

return await Application.RunAsync(args);
