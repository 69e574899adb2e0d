namespace NetDicom.Archive;

/// <summary>The levels of the Query/Retrieve information models (PS3.4 section C.6), top first.</summary>
public enum ArchiveLevel
{
    /// <summary>PATIENT.</summary>
    Patient,

    /// <summary>STUDY.</summary>
    Study,

    /// <summary>SERIES.</summary>
    Series,

    /// <summary>IMAGE: composite instances of every kind.</summary>
    Instance,
}
