namespace NetDicom.Cli.Output;

/// <summary>Standard output takes nothing more: a full disk behind it, for one. Not an <see cref="IOException"/>, which within the work on an association would be taken for the end of that.</summary>
internal sealed class OutputException(IOException cause) : Exception($"Cannot write to standard output: {cause.Message}", cause);
