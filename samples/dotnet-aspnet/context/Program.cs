var app = WebApplication.CreateBuilder(args).Build();
app.MapGet("/", () => "catalogue is empty");
app.Run();
