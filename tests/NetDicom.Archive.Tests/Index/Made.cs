using System.Security.Cryptography;

namespace NetDicom.Archive.Tests.Index;

/// <summary>Instances made up for tests.</summary>
internal static class Made
{
    public static readonly DicomUid Ct = SopClasses.CTImageStorage;

    /// <summary>A data set of an instance; more attributes or other values follow as keyword and value.</summary>
    public static DicomDataSet DataSet(int study, int series, int instance, params (DicomTag Tag, string Value)[] more)
    {
        var set = new DicomDataSet { CharacterSet = SpecificCharacterSet.Utf8 };
        set.Set(DicomTags.SOPClassUID, Ct).Set(DicomTags.SOPInstanceUID, Uid(study, series, instance)).Set(DicomTags.StudyInstanceUID, new DicomUid($"1.2.3.{study}"))
            .Set(DicomTags.SeriesInstanceUID, new DicomUid($"1.2.3.{study}.{series}")).Set(DicomTags.PatientID, $"P{study}").Set(DicomTags.PatientName, $"Name{study}^Given")
            .Set(DicomTags.StudyDate, $"200401{study:00}").Set(DicomTags.StudyTime, "101500").Set(DicomTags.Modality, "CT").Set(DicomTags.AccessionNumber, $"A{study}").Set(DicomTags.StudyID, $"S{study}")
            .Set(DicomTags.SeriesNumber, series.ToString(System.Globalization.CultureInfo.InvariantCulture)).Set(DicomTags.InstanceNumber, instance.ToString(System.Globalization.CultureInfo.InvariantCulture));
        foreach ((DicomTag tag, string value) in more)
        {
            if (value.Length == 0)
                set.Remove(tag);
            else
                set.Set(tag, value.Split('\\'));
        }

        return set;
    }

    public static DicomUid Uid(int study, int series, int instance) => new($"1.2.3.{study}.{series}.{instance}");

    /// <summary>The record of an instance as an archive would make it.</summary>
    public static InstanceRecord Record(DicomDataSet set)
    {
        byte[] bytes = set.ToArray(TransferSyntax.ExplicitVRLittleEndian);
        var collector = new AttributeCollector(TransferSyntax.ExplicitVRLittleEndian, ArchiveAttributes.Default);
        collector.Add(bytes);
        DicomUid uid = set.GetUid(DicomTags.SOPInstanceUID);
        return new InstanceRecord(
            new IndexedInstance
            {
                SopInstanceUid = uid, SopClassUid = set.GetUid(DicomTags.SOPClassUID), TransferSyntaxUid = TransferSyntax.ExplicitVRLittleEndian.Uid, Folder = InstancePath.FolderOf(set),
                File = InstancePath.FileOf(uid), Length = bytes.Length + 300, HeadLength = 300, DataSetHash = SHA256.HashData(bytes), HeadHash = SHA256.HashData([1]),
                StoredAt = DateTimeOffset.UnixEpoch.AddSeconds(1), CallingAETitle = "TEST",
            },
            collector.Finish());
    }

    public static IndexChange Put(int study, int series, int instance, params (DicomTag Tag, string Value)[] more) => IndexChange.Put(Record(DataSet(study, series, instance, more)));
}
