using NetDicom.Cli.Invocation;

// Continuations run where the socket's event is found instead of on another thread: in a process that does nothing else, the change of threads is
// what each small object waits for (docs/decisions/0003-inline-completions.md). Read by the run-time at the first socket.
const string Inline = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";
if (Environment.GetEnvironmentVariable(Inline) is null)
    Environment.SetEnvironmentVariable(Inline, "1");

return await Dispatcher.RunAsync(ToolName.Prefix(ToolName.OfThisProcess(), args, Dispatcher.ToolNames));
