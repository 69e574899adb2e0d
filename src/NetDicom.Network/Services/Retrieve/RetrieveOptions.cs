using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>Options of a C-GET or C-MOVE operation (PS3.7 sections 9.1.3 and 9.1.4).</summary>
public sealed record RetrieveOptions
{
    /// <summary>Priority of the request. Default medium.</summary>
    public Priority Priority { get; init; }

    /// <summary>The abstract syntax of the presentation context to use, where it is not the SOP class of the message. Default none: that of the SOP class.</summary>
    public DicomUid AbstractSyntax { get; init; }

    /// <summary>
    /// Longest time to the first response, and from each to the next; zero or less for no limit. Default null: the DIMSE time limit of the association. A provider of C-MOVE need not send Pending
    /// responses: for one that sends none this is the time for the whole move. The sub-operations of a C-GET count as responses.
    /// </summary>
    public TimeSpan? ResponseTimeout { get; init; }
}
