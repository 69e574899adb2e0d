using System.Security.Cryptography;
using System.Text;

namespace NetDicom.Network;

/// <summary>
/// Procedure steps and subscriptions as files of a folder: <c>steps/{two digits of a hash}/{UID}.dcm</c> and <c>subscribers/{hash of the AE title}.dcm</c>, each written anew and renamed. They are DICOM
/// files with private elements, for this class only.
/// </summary>
/// <param name="folder">The folder; it is made when it is needed. One store at a time.</param>
/// <param name="durability">How safe a change is when its request is answered.</param>
public sealed class UpsFolder(string folder, Durability durability = Durability.Full) : IUpsRecordStore
{
    // Nothing from the network stands beside them at the top of a file, so no block of somebody else's can be in the way.
    private const string Creator = "NETDICOM UPS";
    private static readonly DicomTag s_creator = new(0x0099, 0x0010), s_attributes = new(0x0099, 0x1001), s_subscriptions = new(0x0099, 0x1002);

    /// <summary>Is told of a file that cannot be read, which is then passed over. Null, the default: loading throws.</summary>
    public Action<string, Exception>? OnUnreadable { get; init; }

    /// <inheritdoc/>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void SaveStep(UpsRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        DicomDataSet file = Envelope(record.InstanceUid).Set(s_attributes, record.Attributes.Clone());
        if (record.Subscriptions.Count > 0)
            file.Set(s_subscriptions, [.. record.Subscriptions.Select(pair => Subscriber(pair.Key, pair.Value))]);
        Write(StepPath(record.InstanceUid), file);
    }

    /// <inheritdoc/>
    public void RemoveStep(DicomUid instanceUid) => Remove(StepPath(instanceUid));

    /// <inheritdoc/>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void SaveGlobalSubscription(UpsGlobalSubscription subscription)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        DicomDataSet file = Envelope(Uids.UPSGlobalSubscriptionInstance).Set(s_subscriptions, Subscriber(subscription.ReceivingAE, subscription.State));
        if (subscription.Keys is { } keys)
            file.Set(s_attributes, keys.Clone());
        Write(SubscriberPath(subscription.ReceivingAE), file);
    }

    /// <inheritdoc/>
    public void RemoveGlobalSubscription(string receivingAE) => Remove(SubscriberPath(receivingAE));

    /// <inheritdoc/>
    public IEnumerable<UpsRecord> LoadSteps() => Load("steps", file => new UpsRecord(
        file.GetUid(DicomTags.SOPInstanceUID), file.GetSequence(s_attributes)![0].Clone(), Subscribers(file).ToDictionary(pair => pair.ReceivingAE, pair => pair.State, StringComparer.Ordinal)));

    /// <inheritdoc/>
    public IEnumerable<UpsGlobalSubscription> LoadGlobalSubscriptions() => Load("subscribers", file =>
    {
        (string receivingAE, UpsSubscription state) = Subscribers(file).Single();
        return new UpsGlobalSubscription(receivingAE, state, file.GetSequence(s_attributes) is [var keys] ? keys.Clone() : null);
    });

    private static DicomDataSet Envelope(DicomUid instanceUid) => new DicomDataSet().Set(DicomTags.SOPClassUID, SopClasses.UnifiedProcedureStepPush).Set(DicomTags.SOPInstanceUID, instanceUid)
        .Set(DicomElement.Create(s_creator, DicomVR.LO, Creator));

    private static DicomDataSet Subscriber(string receivingAE, UpsSubscription state) =>
        new DicomDataSet().Set(DicomTags.DeletionLock, state == UpsSubscription.WithLock ? "TRUE" : "FALSE").Set(DicomTags.ReceivingAE, receivingAE);

    private static IEnumerable<(string ReceivingAE, UpsSubscription State)> Subscribers(DicomDataSet file) => (file.GetSequence(s_subscriptions) ?? [])
        .Select(item => (item.GetString(DicomTags.ReceivingAE).Trim(' '), item.GetString(DicomTags.DeletionLock) == "TRUE" ? UpsSubscription.WithLock : UpsSubscription.WithoutLock));

    private IEnumerable<T> Load<T>(string kind, Func<DicomDataSet, T> read)
        where T : class
    {
        string at = Path.Join(folder, kind);
        if (!Directory.Exists(at))
            yield break;
        foreach (string path in Directory.EnumerateFiles(at, "*.dcm", SearchOption.AllDirectories))
        {
            if (TryRead(path, read) is { } record)
                yield return record;
        }
    }

    private T? TryRead<T>(string path, Func<DicomDataSet, T> read)
        where T : class
    {
        try
        {
            using DicomFile file = DicomFile.Read(File.ReadAllBytes(path));
            bool isWhole = !file.DataSet.Deviations.HasFlag(DataSetDeviations.Truncated) && file.DataSet.GetStringOrDefault(s_creator) == Creator;
            return isWhole ? read(file.DataSet) : throw new InvalidDataException($"{path} is no whole record of a procedure step");
        }
        catch (Exception error) when (OnUnreadable is not null)
        {
            OnUnreadable(path, error);
            return null;
        }
    }

    private void Write(string path, DicomDataSet dataSet)
    {
        TransferSyntax syntax = TransferSyntax.ExplicitVRLittleEndian;
        byte[] head = FileMetaInformation.Create(dataSet.GetUid(DicomTags.SOPClassUID), dataSet.GetUid(DicomTags.SOPInstanceUID), syntax).GetBytes();
        InstanceFileWriter.CreateFolder(Path.GetDirectoryName(path)!, durability);
        using InstanceFileWriter writer = InstanceFileWriter.Create(path, head, durability);
        writer.Write(dataSet.ToArray(syntax));
        writer.Commit();
    }

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // Then it is not there.
        }
    }

    // A UID is digits and dots, a hash is digits and letters: nothing else from the network is in a path.
    private string StepPath(DicomUid uid) => Path.Join(folder, "steps", Hash(uid.ToString())[..2], uid + ".dcm");

    private string SubscriberPath(string receivingAE) => Path.Join(folder, "subscribers", Hash(receivingAE)[..32] + ".dcm");

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
