using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>
/// An information model of one level whose objects are of no patient (PS3.4 annexes U, X, BB, HH, II and JJ): its classes, and its keys as PS3.4 lists them. The annexes have the same rules
/// but for the keys; that is what this type holds.
/// </summary>
public sealed class NonPatientModel
{
    private const int MatchColumn = 0, ReturnColumn = 1;

    private readonly AttributeTable _table;

    private NonPatientModel(string name, DicomUid find, DicomUid move, DicomUid get, params IReadOnlyList<DicomUid> storage)
    {
        Name = name;
        FindClass = find;
        MoveClass = move;
        GetClass = get;
        StorageClasses = storage;
        // Each model has its rows: a test asks for all.
        _table = SingleLevelQueryTable.Find(name)!;
        RequiredKeys = [.. Paths(_table.Attributes, null, row => row[MatchColumn] == AttributeRequirement.RequiredKey)];
        Type1ReturnKeys = [.. Paths(_table.Attributes, null, row => row[ReturnColumn] == AttributeRequirement.Type1)];
    }

    /// <summary>Hanging protocols (annex U).</summary>
    public static NonPatientModel HangingProtocol { get; } = new(
        "Hanging Protocol", SopClasses.HangingProtocolInformationModelFind, SopClasses.HangingProtocolInformationModelMove, SopClasses.HangingProtocolInformationModelGet, SopClasses.HangingProtocolStorage);

    /// <summary>Color palettes (annex X).</summary>
    public static NonPatientModel ColorPalette { get; } = new(
        "Color Palette", SopClasses.ColorPaletteQueryRetrieveInformationModelFind, SopClasses.ColorPaletteQueryRetrieveInformationModelMove, SopClasses.ColorPaletteQueryRetrieveInformationModelGet,
        SopClasses.ColorPaletteStorage);

    /// <summary>Generic implant templates (annex BB).</summary>
    public static NonPatientModel GenericImplantTemplate { get; } = new(
        "Generic Implant Template", SopClasses.GenericImplantTemplateInformationModelFind, SopClasses.GenericImplantTemplateInformationModelMove, SopClasses.GenericImplantTemplateInformationModelGet,
        SopClasses.GenericImplantTemplateStorage);

    /// <summary>Implant assembly templates (annex BB).</summary>
    public static NonPatientModel ImplantAssemblyTemplate { get; } = new(
        "Implant Assembly Template", SopClasses.ImplantAssemblyTemplateInformationModelFind, SopClasses.ImplantAssemblyTemplateInformationModelMove,
        SopClasses.ImplantAssemblyTemplateInformationModelGet, SopClasses.ImplantAssemblyTemplateStorage);

    /// <summary>Implant template groups (annex BB).</summary>
    public static NonPatientModel ImplantTemplateGroup { get; } = new(
        "Implant Template Group", SopClasses.ImplantTemplateGroupInformationModelFind, SopClasses.ImplantTemplateGroupInformationModelMove, SopClasses.ImplantTemplateGroupInformationModelGet,
        SopClasses.ImplantTemplateGroupStorage);

    /// <summary>Defined procedure protocols, of CT and XA (annex HH).</summary>
    public static NonPatientModel DefinedProcedureProtocol { get; } = new(
        "Defined Procedure Protocol", SopClasses.DefinedProcedureProtocolInformationModelFind, SopClasses.DefinedProcedureProtocolInformationModelMove,
        SopClasses.DefinedProcedureProtocolInformationModelGet, SopClasses.CTDefinedProcedureProtocolStorage, SopClasses.XADefinedProcedureProtocolStorage);

    /// <summary>Protocol approvals (annex II).</summary>
    public static NonPatientModel ProtocolApproval { get; } = new(
        "Protocol Approval", SopClasses.ProtocolApprovalInformationModelFind, SopClasses.ProtocolApprovalInformationModelMove, SopClasses.ProtocolApprovalInformationModelGet,
        SopClasses.ProtocolApprovalStorage);

    /// <summary>Inventories (annex JJ): of the keys only SOP Class UID and SOP Instance UID are listed here, so that every other attribute is an optional key.</summary>
    public static NonPatientModel Inventory { get; } = new(
        "Inventory", SopClasses.InventoryFind, SopClasses.InventoryMove, SopClasses.InventoryGet, SopClasses.InventoryStorage);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<NonPatientModel> All { get; } =
        [HangingProtocol, ColorPalette, GenericImplantTemplate, ImplantAssemblyTemplate, ImplantTemplateGroup, DefinedProcedureProtocol, ProtocolApproval, Inventory];

    /// <summary>As PS3.4 calls it, for instance <c>Hanging Protocol</c>.</summary>
    public string Name { get; }

    /// <summary>The SOP class with C-FIND.</summary>
    public DicomUid FindClass { get; }

    /// <summary>The SOP class with C-MOVE.</summary>
    public DicomUid MoveClass { get; }

    /// <summary>The SOP class with C-GET.</summary>
    public DicomUid GetClass { get; }

    /// <summary>The storage classes of the objects (annex GG).</summary>
    public IReadOnlyList<DicomUid> StorageClasses { get; }

    /// <summary>SOP Instance UID (0008,0018): the only unique key.</summary>
    public static DicomTag UniqueKey => DicomTags.SOPInstanceUID;

    /// <summary>Keys that every provider must match (matching key type R), by their paths.</summary>
    public IReadOnlyList<DicomTagPath> RequiredKeys { get; }

    /// <summary>Keys that a response must have with a value when they were asked for (return key type 1), those within a sequence where the sequence has items.</summary>
    public IReadOnlyList<DicomTagPath> Type1ReturnKeys { get; }

    internal AttributeTable Table => _table;

    /// <summary>The model that a FIND, MOVE or GET class belongs to; null for other classes.</summary>
    public static NonPatientModel? Of(DicomUid sopClassUid) => All.FirstOrDefault(model => sopClassUid == model.FindClass || sopClassUid == model.MoveClass || sopClassUid == model.GetClass);

    /// <summary>Whether PS3.4 lists an attribute of the outermost level as a key of this model, to match or to return; others are optional keys.</summary>
    public bool IsListed(DicomTag tag) => _table.Find(tag) is not null;

    /// <summary>A request identifier that asks for everything PS3.4 lists, and matches everything: values are set into it.</summary>
    public DicomDataSet CreateIdentifier() => Empty(_table.Attributes);

    /// <summary>The identifier of a C-MOVE or C-GET: a list of instances (section C.4.2.2.1 by U.4.2 and the like).</summary>
    public static DicomDataSet CreateRetrieveIdentifier(params IEnumerable<DicomUid> instances)
    {
        ArgumentNullException.ThrowIfNull(instances);
        return new DicomDataSet().Set(UniqueKey, [.. instances.Select(uid => uid.ToString())]);
    }

    /// <summary>What a user asks for: the three classes, and the storage classes with this side as the SCP that a C-GET needs (PS3.4 section C.5.3).</summary>
    public IReadOnlyList<PresentationContext> CreateRequestedContexts() =>
        [PresentationContexts.Create(FindClass, []), PresentationContexts.Create(MoveClass, []), .. PresentationContexts.ForGet(GetClass, StorageClasses)];

    /// <summary>Name.</summary>
    public override string ToString() => Name;

    private static DicomDataSet Empty(AttributeTable.Attribute[] rows)
    {
        var identifier = new DicomDataSet();
        foreach (AttributeTable.Attribute row in rows)
        {
            if (row.Children.Length > 0)
                identifier.Set(row.Tag, Empty(row.Children));
            else
                identifier.Set(DicomElement.CreateEmpty(row.Tag, DicomDictionary.TryGet(row.Tag, out DictionaryEntry entry) ? entry.VR : DicomVR.UN));
        }

        return identifier;
    }

    private static IEnumerable<DicomTagPath> Paths(AttributeTable.Attribute[] rows, DicomTagPath? parent, Func<AttributeTable.Attribute, bool> wanted)
    {
        foreach (AttributeTable.Attribute row in rows)
        {
            DicomTagPath path = parent is { } above ? above.Then(0, row.Tag) : new DicomTagPath(row.Tag);
            if (wanted(row))
                yield return path;
            foreach (DicomTagPath child in Paths(row.Children, path, wanted))
                yield return child;
        }
    }
}
