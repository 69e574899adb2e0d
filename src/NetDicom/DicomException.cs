namespace NetDicom;

/// <summary>The base of every exception of NetDicom that is not a wrong argument or a cancelled call.</summary>
public class DicomException : Exception
{
    /// <summary>An exception with the message <paramref name="message"/>.</summary>
    public DicomException(string message, Exception? innerException = null) : base(message, innerException)
    {
    }
}

/// <summary>A data set, an element value or a file that breaks a rule of PS3.5 or PS3.10 and cannot be read on.</summary>
public class DicomDataException : DicomException
{
    /// <summary>What is wrong, where, and by which rule.</summary>
    /// <param name="message">What was found, with the rule that it breaks (PS3.x section).</param>
    /// <param name="tag">The element, where one is known.</param>
    /// <param name="offset">Bytes from the start of the data set (or file) to the element, where known.</param>
    /// <param name="innerException">The exception that was the cause, if any.</param>
    public DicomDataException(string message, DicomTag? tag = null, long? offset = null, Exception? innerException = null)
        : base(Describe(message, tag, offset), innerException)
    {
        Tag = tag;
        Offset = offset;
    }

    /// <summary>The element, where one is known.</summary>
    public DicomTag? Tag { get; }

    /// <summary>Bytes from the start of the data set (or file) to the element, where known.</summary>
    public long? Offset { get; }

    private static string Describe(string message, DicomTag? tag, long? offset) => (tag, offset) switch
    {
        (null, null) => message,
        ({ } t, null) => $"{t}: {message}",
        (null, { } o) => $"offset {o}: {message}",
        ({ } t, { } o) => $"{t} at offset {o}: {message}",
    };
}
