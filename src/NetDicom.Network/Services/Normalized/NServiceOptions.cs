namespace NetDicom.Network;

/// <summary>Options of a DIMSE-N operation.</summary>
public sealed record NServiceOptions
{
    /// <summary>
    /// The abstract syntax of the presentation context to use, where it is not the SOP class of the message: a Meta SOP class, or one of the UPS classes. Default none: a context
    /// of the SOP class itself, else one that the standard allows for it.
    /// </summary>
    public DicomUid AbstractSyntax { get; init; }

    /// <summary>Longest time to the response; zero or less for no limit. Default null: the DIMSE time limit of the association.</summary>
    public TimeSpan? ResponseTimeout { get; init; }
}
