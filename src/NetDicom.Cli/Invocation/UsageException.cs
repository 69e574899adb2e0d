namespace NetDicom.Cli.Invocation;

/// <summary>The user asked for something that cannot be done as asked: one line on standard error, exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
