namespace NetDicom.Protocol;

/// <summary>What kind of outcome a status is (PS3.7 annex C).</summary>
public enum DimseStatusCategory
{
    /// <summary>Done, nothing to report.</summary>
    Success,

    /// <summary>More responses follow.</summary>
    Pending,

    /// <summary>Done, with a remark.</summary>
    Warning,

    /// <summary>Stopped because of a C-CANCEL-RQ.</summary>
    Cancel,

    /// <summary>Not done.</summary>
    Failure,
}

/// <summary>Status (0000,0900) of a response: a value, as in HTTP (PS3.7 annex C). <c>default</c> is Success.</summary>
/// <param name="Code">The 16 bits as sent.</param>
public readonly record struct DimseStatus(ushort Code)
{
    /// <summary>0000H: success.</summary>
    public static DimseStatus Success => new(0x0000);

    /// <summary>0105H: no such attribute.</summary>
    public static DimseStatus NoSuchAttribute => new(0x0105);

    /// <summary>0106H: invalid attribute value.</summary>
    public static DimseStatus InvalidAttributeValue => new(0x0106);

    /// <summary>0107H: warning, attribute list error.</summary>
    public static DimseStatus AttributeListError => new(0x0107);

    /// <summary>0110H: processing failure.</summary>
    public static DimseStatus ProcessingFailure => new(0x0110);

    /// <summary>0111H: duplicate SOP instance.</summary>
    public static DimseStatus DuplicateSopInstance => new(0x0111);

    /// <summary>0112H: no such SOP instance.</summary>
    public static DimseStatus NoSuchSopInstance => new(0x0112);

    /// <summary>0113H: no such event type.</summary>
    public static DimseStatus NoSuchEventType => new(0x0113);

    /// <summary>0114H: no such argument.</summary>
    public static DimseStatus NoSuchArgument => new(0x0114);

    /// <summary>0115H: invalid argument value.</summary>
    public static DimseStatus InvalidArgumentValue => new(0x0115);

    /// <summary>0116H: warning, attribute value out of range.</summary>
    public static DimseStatus AttributeValueOutOfRange => new(0x0116);

    /// <summary>0117H: invalid SOP instance.</summary>
    public static DimseStatus InvalidSopInstance => new(0x0117);

    /// <summary>0118H: no such SOP class.</summary>
    public static DimseStatus NoSuchSopClass => new(0x0118);

    /// <summary>0119H: class-instance conflict.</summary>
    public static DimseStatus ClassInstanceConflict => new(0x0119);

    /// <summary>0120H: missing attribute.</summary>
    public static DimseStatus MissingAttribute => new(0x0120);

    /// <summary>0121H: missing attribute value.</summary>
    public static DimseStatus MissingAttributeValue => new(0x0121);

    /// <summary>0122H: refused, SOP class not supported.</summary>
    public static DimseStatus SopClassNotSupported => new(0x0122);

    /// <summary>0123H: no such action.</summary>
    public static DimseStatus NoSuchAction => new(0x0123);

    /// <summary>0124H: refused, not authorised.</summary>
    public static DimseStatus NotAuthorized => new(0x0124);

    /// <summary>0210H: duplicate invocation: the Message ID is in use.</summary>
    public static DimseStatus DuplicateInvocation => new(0x0210);

    /// <summary>0211H: unrecognised operation.</summary>
    public static DimseStatus UnrecognizedOperation => new(0x0211);

    /// <summary>0212H: mistyped argument.</summary>
    public static DimseStatus MistypedArgument => new(0x0212);

    /// <summary>0213H: resource limitation.</summary>
    public static DimseStatus ResourceLimitation => new(0x0213);

    /// <summary>A700H: refused, out of resources (C-STORE, C-FIND and others of PS3.4).</summary>
    public static DimseStatus OutOfResources => new(0xA700);

    /// <summary>A801H: refused, move destination unknown (C-MOVE).</summary>
    public static DimseStatus MoveDestinationUnknown => new(0xA801);

    /// <summary>A900H: data set does not match SOP class, or identifier does not.</summary>
    public static DimseStatus DataSetDoesNotMatchSopClass => new(0xA900);

    /// <summary>B000H: warning: coercion of data elements (C-STORE), or some sub-operations failed (C-GET, C-MOVE).</summary>
    public static DimseStatus Coercion => new(0xB000);

    /// <summary>C000H: cannot understand, or unable to process.</summary>
    public static DimseStatus CannotUnderstand => new(0xC000);

    /// <summary>FE00H: stopped because of a C-CANCEL-RQ.</summary>
    public static DimseStatus Cancel => new(0xFE00);

    /// <summary>FF00H: more responses follow.</summary>
    public static DimseStatus Pending => new(0xFF00);

    /// <summary>FF01H: more responses follow; optional keys were not supported.</summary>
    public static DimseStatus PendingWarning => new(0xFF01);

    /// <summary>The kind of outcome, by the code classes of PS3.7 annex C. A code in none of them is a failure: nobody may count on it as done.</summary>
    public DimseStatusCategory Category => Code switch
    {
        0x0000 => DimseStatusCategory.Success,
        0xFF00 or 0xFF01 => DimseStatusCategory.Pending,
        0xFE00 => DimseStatusCategory.Cancel,
        0x0001 or 0x0107 or 0x0116 or (>= 0xB000 and <= 0xBFFF) => DimseStatusCategory.Warning,
        _ => DimseStatusCategory.Failure,
    };

    /// <summary>0000H.</summary>
    public bool IsSuccess => Category == DimseStatusCategory.Success;

    /// <summary>FF00H or FF01H.</summary>
    public bool IsPending => Category == DimseStatusCategory.Pending;

    /// <summary>Done, with a remark.</summary>
    public bool IsWarning => Category == DimseStatusCategory.Warning;

    /// <summary>FE00H.</summary>
    public bool IsCancel => Category == DimseStatusCategory.Cancel;

    /// <summary>Not done.</summary>
    public bool IsFailure => Category == DimseStatusCategory.Failure;

    /// <summary>Throws unless the operation was done: a success or a warning. Pending is no outcome and passes.</summary>
    /// <exception cref="DimseStatusException">The status is a failure or Cancel.</exception>
    public void EnsureSuccess()
    {
        if (Category is DimseStatusCategory.Failure or DimseStatusCategory.Cancel)
            throw new DimseStatusException(this);
    }

    /// <summary>Code, category and, where PS3.7 annex C or all of PS3.4 agree on one, the meaning: <c>0xA700 Failure (Refused: Out of Resources)</c>.</summary>
    public override string ToString() => Meaning is { } meaning ? $"0x{Code:X4} {CategoryName} ({meaning})" : $"0x{Code:X4} {CategoryName}";

    // Written out: the names of an enumeration are looked up by reflection, which costs a millisecond at the first use.
    private string CategoryName => Category switch
    {
        DimseStatusCategory.Success => nameof(DimseStatusCategory.Success),
        DimseStatusCategory.Pending => nameof(DimseStatusCategory.Pending),
        DimseStatusCategory.Warning => nameof(DimseStatusCategory.Warning),
        DimseStatusCategory.Cancel => nameof(DimseStatusCategory.Cancel),
        _ => nameof(DimseStatusCategory.Failure),
    };

    private string? Meaning => Code switch
    {
        0x0105 => "No Such Attribute",
        0x0106 => "Invalid Attribute Value",
        0x0107 => "Attribute List Error",
        0x0110 => "Processing Failure",
        0x0111 => "Duplicate SOP Instance",
        0x0112 => "No Such SOP Instance",
        0x0113 => "No Such Event Type",
        0x0114 => "No Such Argument",
        0x0115 => "Invalid Argument Value",
        0x0116 => "Attribute Value Out of Range",
        0x0117 => "Invalid SOP Instance",
        0x0118 => "No Such SOP Class",
        0x0119 => "Class-Instance Conflict",
        0x0120 => "Missing Attribute",
        0x0121 => "Missing Attribute Value",
        0x0122 => "Refused: SOP Class Not Supported",
        0x0123 => "No Such Action",
        0x0124 => "Refused: Not Authorized",
        0x0210 => "Duplicate Invocation",
        0x0211 => "Unrecognized Operation",
        0x0212 => "Mistyped Argument",
        0x0213 => "Resource Limitation",
        >= 0xA700 and <= 0xA7FF => "Refused: Out of Resources",
        0xA801 => "Refused: Move Destination Unknown",
        >= 0xA900 and <= 0xA9FF => "Data Set Does Not Match SOP Class",
        >= 0xC000 and <= 0xCFFF => "Cannot Understand or Process",
        _ => null,
    };
}
