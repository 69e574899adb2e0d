using NetDicom.Cli.Invocation;

return await Dispatcher.RunAsync(ToolName.Prefix(ToolName.OfThisProcess(), args, Dispatcher.ToolNames));
