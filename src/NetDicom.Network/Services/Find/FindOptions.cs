using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>Options of a C-FIND operation (PS3.7 section 9.1.2).</summary>
public sealed record FindOptions
{
    /// <summary>Priority of the request. Default medium.</summary>
    public Priority Priority { get; init; }

    /// <summary>The abstract syntax of the presentation context to use, where it is not the SOP class of the message. Default none: that of the SOP class.</summary>
    public DicomUid AbstractSyntax { get; init; }

    /// <summary>Longest time to the first response, and from each to the next; zero or less for no limit. Default null: the DIMSE time limit of the association.</summary>
    public TimeSpan? ResponseTimeout { get; init; }
}
