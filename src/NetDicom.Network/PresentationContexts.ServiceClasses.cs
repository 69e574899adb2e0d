using NetDicom.Protocol;

namespace NetDicom.Network;

// The lists by service class, out of the table of SOP classes: each is made when it is first asked for.
public static partial class PresentationContexts
{
    /// <summary>Query/Retrieve: C-FIND, C-MOVE and C-GET of the patient root, study root and patient/study only models, Composite Instance Root Retrieve, Retrieve Without Bulk Data, and Repository Query (PS3.4 annexes C, Y and Z).</summary>
    public static IReadOnlyList<PresentationContext> QueryRetrieve => field ??= OfServiceClasses(default, "Query/Retrieve", "Composite Instance Root Retrieve", "Composite Instance Retrieve Without Bulk Data");

    /// <summary>The part of <see cref="QueryRetrieve"/> with C-FIND.</summary>
    public static IReadOnlyList<PresentationContext> QueryRetrieveFind => field ??= OfServiceClasses(DimseServices.CFind, "Query/Retrieve", "Composite Instance Root Retrieve", "Composite Instance Retrieve Without Bulk Data");

    /// <summary>The part of <see cref="QueryRetrieve"/> with C-MOVE.</summary>
    public static IReadOnlyList<PresentationContext> QueryRetrieveMove => field ??= OfServiceClasses(DimseServices.CMove, "Query/Retrieve", "Composite Instance Root Retrieve", "Composite Instance Retrieve Without Bulk Data");

    /// <summary>The part of <see cref="QueryRetrieve"/> with C-GET. The storage classes that it delivers are proposed with it: <see cref="ForGet"/>.</summary>
    public static IReadOnlyList<PresentationContext> QueryRetrieveGet => field ??= OfServiceClasses(DimseServices.CGet, "Query/Retrieve", "Composite Instance Root Retrieve", "Composite Instance Retrieve Without Bulk Data");

    /// <summary>Modality Worklist (PS3.4 annex K).</summary>
    public static IReadOnlyList<PresentationContext> ModalityWorklist => field ??= OfServiceClasses(default, "Basic Worklist Management");

    /// <summary>Modality Performed Procedure Step, with its retrieval and notification (PS3.4 annex F).</summary>
    public static IReadOnlyList<PresentationContext> ProcedureStep => field ??= OfServiceClasses(default, "Procedure Step");

    /// <summary>Storage Commitment, push model (PS3.4 annex J).</summary>
    public static IReadOnlyList<PresentationContext> StorageCommitment => field ??= OfServiceClasses(default, "Storage Commitment");

    /// <summary>Unified Procedure Step: push, watch, pull, event and query (PS3.4 annex CC).</summary>
    public static IReadOnlyList<PresentationContext> UnifiedProcedureStep => field ??= OfServiceClasses(default, "Unified Procedure Step");

    /// <summary>Instance Availability Notification (PS3.4 annex R).</summary>
    public static IReadOnlyList<PresentationContext> InstanceAvailability => field ??= OfServiceClasses(default, "Instance Availability Notification");

    /// <summary>Relevant Patient Information Query (PS3.4 annex Q).</summary>
    public static IReadOnlyList<PresentationContext> RelevantPatient => field ??= OfServiceClasses(default, "Relevant Patient Information Query");

    /// <summary>Print Management: the two Meta SOP classes, and each class by itself (PS3.4 annex H).</summary>
    public static IReadOnlyList<PresentationContext> PrintManagement => field ??= OfServiceClasses(default, "Print Management");

    /// <summary>Media Creation Management (PS3.4 annex S).</summary>
    public static IReadOnlyList<PresentationContext> MediaCreation => field ??= OfServiceClasses(default, "Media Creation Management");

    /// <summary>Hanging Protocol Query/Retrieve (PS3.4 annex U).</summary>
    public static IReadOnlyList<PresentationContext> HangingProtocol => field ??= OfServiceClasses(default, "Hanging Protocol Query/Retrieve");

    /// <summary>Color Palette Query/Retrieve (PS3.4 annex X).</summary>
    public static IReadOnlyList<PresentationContext> ColorPalette => field ??= OfServiceClasses(default, "Color Palette Query/Retrieve");

    /// <summary>Implant Template Query/Retrieve: generic, assembly and group (PS3.4 annex BB).</summary>
    public static IReadOnlyList<PresentationContext> ImplantTemplate => field ??= OfServiceClasses(default, "Implant Template Query/Retrieve");

    /// <summary>Defined Procedure Protocol Query/Retrieve (PS3.4 annex HH).</summary>
    public static IReadOnlyList<PresentationContext> DefinedProcedureProtocol => field ??= OfServiceClasses(default, "Defined Procedure Protocol Query/Retrieve");

    /// <summary>Protocol Approval Query/Retrieve (PS3.4 annex II).</summary>
    public static IReadOnlyList<PresentationContext> ProtocolApproval => field ??= OfServiceClasses(default, "Protocol Approval Query/Retrieve");

    /// <summary>Inventory Query/Retrieve (PS3.4 annex JJ).</summary>
    public static IReadOnlyList<PresentationContext> Inventory => field ??= OfServiceClasses(default, "Inventory Query/Retrieve");

    /// <summary>Storage Management: Inventory Creation (PS3.4 annex KK).</summary>
    public static IReadOnlyList<PresentationContext> StorageManagement => field ??= OfServiceClasses(default, "Storage Management");

    /// <summary>Substance Administration Query (PS3.4 annex V).</summary>
    public static IReadOnlyList<PresentationContext> SubstanceAdministration => field ??= OfServiceClasses(default, "Substance Administration Query");

    /// <summary>Application Event Logging: procedural events, and substance administration (PS3.4 annex P).</summary>
    public static IReadOnlyList<PresentationContext> ApplicationEventLogging => field ??= OfServiceClasses(default, "Application Event Logging");

    /// <summary>Display System Management (PS3.4 annex EE).</summary>
    public static IReadOnlyList<PresentationContext> DisplaySystem => field ??= OfServiceClasses(default, "Display System Management");

    /// <summary>RT Machine Verification: conventional and ion (PS3.4 annex DD).</summary>
    public static IReadOnlyList<PresentationContext> RTMachineVerification => field ??= OfServiceClasses(default, "RT Machine Verification");

    /// <summary>The part of <see cref="Storage"/> whose objects are not of a patient: protocols, palettes, templates, inventories (PS3.4 annex GG).</summary>
    public static IReadOnlyList<PresentationContext> NonPatientObjectStorage => field ??= OfServiceClasses(default, "Non-Patient Object Storage");

    /// <summary>Every list by service class, and <see cref="Verification"/>: what a server could answer but for storage.</summary>
    internal static IEnumerable<IReadOnlyList<PresentationContext>> ByServiceClass =>
    [
        Verification, QueryRetrieve, QueryRetrieveFind, QueryRetrieveMove, QueryRetrieveGet, ModalityWorklist, ProcedureStep, StorageCommitment, UnifiedProcedureStep, InstanceAvailability, RelevantPatient, PrintManagement, MediaCreation, HangingProtocol, ColorPalette, ImplantTemplate, DefinedProcedureProtocol, ProtocolApproval, Inventory, StorageManagement, SubstanceAdministration, ApplicationEventLogging, DisplaySystem, RTMachineVerification, NonPatientObjectStorage,
    ];

    /// <summary>The classes of these service classes that are negotiated and not retired, with one of <paramref name="services"/> if any are named.</summary>
    private static PresentationContext[] OfServiceClasses(DimseServices services, params string[] serviceClasses) =>
    [
        .. SopClasses.All
            .Where(info => !info.IsRetired && serviceClasses.Contains(info.ServiceClass) && (services == default || (info.Services & services) != 0))
            .Select(info => Create(info.Uid, [])),
    ];
}
