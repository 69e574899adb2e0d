namespace NetDicom;

/// <summary>What a registered UID identifies (PS3.6 annex A).</summary>
public enum UidType
{
    /// <summary>A SOP class.</summary>
    SopClass,

    /// <summary>A Meta SOP class: several SOP classes under one abstract syntax.</summary>
    MetaSopClass,

    /// <summary>A transfer syntax.</summary>
    TransferSyntax,

    /// <summary>A SOP instance that exists everywhere, such as the printer.</summary>
    WellKnownSopInstance,

    /// <summary>The application context name.</summary>
    ApplicationContextName,

    /// <summary>A coding scheme.</summary>
    CodingScheme,

    /// <summary>The coding scheme whose codes are UIDs.</summary>
    DicomUidsAsCodingScheme,

    /// <summary>A service class.</summary>
    ServiceClass,

    /// <summary>A model of application hosting (PS3.19).</summary>
    ApplicationHostingModel,

    /// <summary>An object identifier of LDAP attributes (PS3.15 annex H).</summary>
    LdapOid,

    /// <summary>A content mapping resource (PS3.16).</summary>
    MappingResource,

    /// <summary>A synchronization frame of reference.</summary>
    SynchronizationFrameOfReference,

    /// <summary>A frame of reference known to everyone, such as an atlas.</summary>
    WellKnownFrameOfReference,

    /// <summary>A report template of PS3.20: document.</summary>
    DocumentTemplate,

    /// <summary>A report template of PS3.20: section.</summary>
    SectionTemplate,

    /// <summary>A report template of PS3.20: entry.</summary>
    EntryTemplate,

    /// <summary>A report template of PS3.20: element set.</summary>
    ElementSetTemplate,

    /// <summary>A context group of PS3.16.</summary>
    ContextGroup,
}

/// <summary>One line of the UID registry (PS3.6 annex A).</summary>
/// <param name="Uid">The UID.</param>
/// <param name="Keyword">The keyword; empty where the registry has none, CID and number for a context group.</param>
/// <param name="Name">The name; empty where the registry has none.</param>
/// <param name="Type">What it identifies.</param>
/// <param name="IsRetired">Whether the standard has retired it.</param>
public readonly record struct UidInfo(DicomUid Uid, string Keyword, string Name, UidType Type, bool IsRetired);
