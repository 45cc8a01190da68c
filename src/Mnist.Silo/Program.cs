using Mnist.Silo;

return await SiloProgram.RunAsync(args);
