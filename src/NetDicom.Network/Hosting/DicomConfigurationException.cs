namespace NetDicom.Network;

/// <summary>A configuration key is missing, unknown, or has a value that cannot be used.</summary>
public sealed class DicomConfigurationException : DicomException
{
    internal DicomConfigurationException(string key, string problem, Exception? innerException = null) : base($"Configuration {key}: {problem}", innerException) => Key = key;

    /// <summary>The key with its whole path, sections separated by colons.</summary>
    public string Key { get; }
}
