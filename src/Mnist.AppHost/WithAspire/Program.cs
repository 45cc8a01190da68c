using Mnist.AppHost;

try
{
    var builder = DistributedApplication.CreateBuilder(args);
    TrainingApplication.AddTo(builder, AppHostSettings.Read(builder.Configuration));
    await builder.Build().RunAsync();
    return 0;
}
catch (AppHostSettingsException exception)
{
    await Console.Error.WriteLineAsync($"error: {exception.Message}");
    return 2;
}
