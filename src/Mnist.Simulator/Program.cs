using Mnist.Simulator.CommandLine;

return await Application.RunAsync(args);
