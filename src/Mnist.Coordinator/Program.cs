using Mnist.Coordinator.CommandLine;

return await Application.RunAsync(args);
