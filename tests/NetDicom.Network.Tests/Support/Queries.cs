using NetDicom.Protocol;

namespace NetDicom.Network.Tests.Support;

/// <summary>What the tests of queries and retrievals have in common.</summary>
internal static class Queries
{
    public static readonly DicomUid Find = SopClasses.StudyRootQueryRetrieveInformationModelFind;
    public static readonly DicomUid Get = SopClasses.StudyRootQueryRetrieveInformationModelGet;
    public static readonly DicomUid Move = SopClasses.StudyRootQueryRetrieveInformationModelMove;
    public static readonly TransferSyntax Explicit = TransferSyntax.ExplicitVRLittleEndian;

    public static DicomDataSet StudyKeys => new() { { DicomTags.QueryRetrieveLevel, "STUDY" }, { DicomTags.PatientID, "" } };

    /// <summary>A match with a number to tell it from others.</summary>
    public static DicomDataSet Match(int number) => new() { { DicomTags.QueryRetrieveLevel, "STUDY" }, { DicomTags.PatientID, $"P{number}" } };

    public static byte[] Bytes(this DicomDataSet dataSet) => dataSet.ToArray(Explicit);

    /// <summary>An entity that asks for these classes in Explicit VR Little Endian.</summary>
    public static ApplicationEntity Scu(params DicomUid[] sopClasses)
    {
        var entity = new ApplicationEntity("SCU");
        foreach (DicomUid sopClass in sopClasses)
            entity.AddRequestedContext(sopClass, Explicit);
        return entity;
    }

    public static ApplicationEntity Scp(params DicomUid[] sopClasses)
    {
        ApplicationEntity entity = new ApplicationEntity("TEST").WithVerification();
        foreach (DicomUid sopClass in sopClasses)
            entity.AddSupportedContext(sopClass);
        return entity;
    }

    /// <summary>A raw peer with one context (id 1) for each class.</summary>
    public static async Task<RawPeer> ConnectAsync(DicomServer server, params DicomUid[] sopClasses)
    {
        RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync(RawPeer.Request(contexts: [.. sopClasses.Select(sopClass => (sopClass, Explicit.Uid))]));
        await peer.ExpectAsync(PduType.AAssociateAC);
        return peer;
    }

    public static CFindRequest Request(ushort messageId) => new() { MessageId = messageId, AffectedSopClassUid = Find };

    public static CFindResponse Response(CommandSet request, DimseStatus status, bool hasDataSet = false) => new()
    {
        MessageIdBeingRespondedTo = request.MessageId, AffectedSopClassUid = Find, Status = status, HasDataSet = hasDataSet,
    };

    public static async Task<List<T>> ToListAsync<T>(this IAsyncEnumerable<T> source)
    {
        var list = new List<T>();
        await foreach (T one in source)
            list.Add(one);
        return list;
    }

    public static StorageObject Instance(int number, DicomUid? sopClass = null) => StorageObject.FromStream(
        $"object {number}", new MemoryStream(new DicomDataSet { { DicomTags.PatientID, $"P{number}" } }.Bytes()), sopClass ?? SopClasses.CTImageStorage, new DicomUid($"1.2.{number}"), Explicit);
}
