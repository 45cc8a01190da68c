using Mnist.AppHost;

try
{
    var builder = DistributedApplication.CreateBuilder(args);
    TrainingApplication.AddTo(builder, AppHostSettings.Read(builder.Configuration));
    var application = builder.Build();
    DashboardEndpoints.RequireFree(builder.Configuration);
    await application.RunAsync();
    return 0;
}
catch (AppHostSettingsException exception)
{
    await Console.Error.WriteLineAsync($"error: {exception.Message}");
    return 2;
}
