namespace NetDicom.Cli.Output;

/// <summary>How the log lines look (<c>--log-format</c>).</summary>
internal enum LogFormat
{
    Text,
    Json,
}
