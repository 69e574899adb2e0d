namespace NetDicom.Archive;

/// <summary>Why no instance of the requested frames can be made (PS3.4 tables Y.4-1 and Y.4-2).</summary>
public enum FrameExtractionProblem
{
    /// <summary>None of the frames is in the instance: AA00H.</summary>
    NoSuchFrames,

    /// <summary>For instances of this kind none can be made that is consistent in itself: AA01H.</summary>
    CannotCreate,

    /// <summary>The frames cannot be taken out of the pixel data: AA02H.</summary>
    CannotExtract,

    /// <summary>The frames are asked for by their time, and the instance does not tell it: AA03H.</summary>
    NoTimeBase,

    /// <summary>The list of frames is none: AA04H.</summary>
    InvalidRequest,
}

/// <summary>No instance of the requested frames can be made.</summary>
public sealed class FrameExtractionException : DicomException
{
    /// <summary>An exception with the reason, and what to tell the peer: no value of the instance is part of it.</summary>
    public FrameExtractionException(FrameExtractionProblem problem, string message, Exception? innerException = null) : base(message, innerException) => Problem = problem;

    /// <summary>Why.</summary>
    public FrameExtractionProblem Problem { get; }
}
