namespace NetDicom;

/// <summary>The DIMSE services of a SOP class (PS3.7 chapters 9 and 10).</summary>
[Flags]
public enum DimseServices
{
    /// <summary>None of its own: not negotiated, or a Meta SOP class whose members have them.</summary>
    None = 0,

    /// <summary>C-ECHO.</summary>
    CEcho = 1,

    /// <summary>C-STORE.</summary>
    CStore = 2,

    /// <summary>C-FIND.</summary>
    CFind = 4,

    /// <summary>C-GET, with C-STORE sub-operations on the same association.</summary>
    CGet = 8,

    /// <summary>C-MOVE, with C-STORE sub-operations on another association.</summary>
    CMove = 16,

    /// <summary>N-EVENT-REPORT.</summary>
    NEventReport = 32,

    /// <summary>N-GET.</summary>
    NGet = 64,

    /// <summary>N-SET.</summary>
    NSet = 128,

    /// <summary>N-ACTION.</summary>
    NAction = 256,

    /// <summary>N-CREATE.</summary>
    NCreate = 512,

    /// <summary>N-DELETE.</summary>
    NDelete = 1024,
}

/// <summary>Whether a SOP class needs SCP/SCU role selection (PS3.7 annex D.3.3.4).</summary>
public enum RoleSelectionNeed
{
    /// <summary>The default roles do.</summary>
    None,

    /// <summary>Normally needed.</summary>
    Needed,

    /// <summary>To be supported as the standard demands; the default roles usually do.</summary>
    Supported,

    /// <summary>Needed only when the class is delivered by C-GET.</summary>
    WhenRetrieved,

    /// <summary>Not for this class itself, but for the storage classes it delivers.</summary>
    ForDelivered,
}

/// <summary>What PS3.4 says of a SOP class or Meta SOP class.</summary>
public readonly struct SopClassInfo : IEquatable<SopClassInfo>
{
    private readonly int _row;

    internal SopClassInfo(int row) => _row = row;

    /// <summary>The SOP Class UID.</summary>
    public DicomUid Uid => UidTable.Uid(UidRow);

    /// <summary>The keyword, such as CTImageStorage; empty for two retired classes without a name.</summary>
    public string Keyword => UidTable.Keyword(UidRow);

    /// <summary>The name, such as CT Image Storage.</summary>
    public string Name => UidTable.Name(UidRow);

    /// <summary>Whether the standard has retired it.</summary>
    public bool IsRetired => UidTable.IsRetired(UidRow);

    /// <summary>The service class, such as Storage or Query/Retrieve.</summary>
    public string ServiceClass => SopClassTable.Text(_row, 0);

    /// <summary>The information model of a query class, such as Study Root; empty for others.</summary>
    public string InformationModel => SopClassTable.Text(_row, 1);

    /// <summary>The query levels of a query class; empty for others.</summary>
    public string Levels => SopClassTable.Text(_row, 2);

    /// <summary>Whether it is a Meta SOP class.</summary>
    public bool IsMeta => SopClassTable.IsMeta(_row);

    /// <summary>Whether instances of it travel by C-STORE: the storage classes, retired ones included, and the non-patient objects.</summary>
    public bool IsStorage => SopClassTable.IsStored(_row);

    /// <summary>Its DIMSE services.</summary>
    public DimseServices Services => SopClassTable.ServicesOf(_row);

    /// <summary>Whether role selection must be negotiated.</summary>
    public RoleSelectionNeed RoleSelection => SopClassTable.RoleSelection(_row);

    private int UidRow => SopClassTable.UidRow(_row);

    /// <inheritdoc/>
    public bool Equals(SopClassInfo other) => _row == other._row;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SopClassInfo other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _row;

    /// <summary>The same class.</summary>
    public static bool operator ==(SopClassInfo left, SopClassInfo right) => left.Equals(right);

    /// <summary>Another class.</summary>
    public static bool operator !=(SopClassInfo left, SopClassInfo right) => !left.Equals(right);

    /// <summary>The name and the UID.</summary>
    public override string ToString() => $"{Name} ({Uid})";
}
