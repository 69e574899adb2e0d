using NetDicom.Tables;

namespace NetDicom.Tests.Uids;

public class UidRegistryTests
{
    private static readonly string _root = Repository.Find(AppContext.BaseDirectory);

    [Fact]
    public void Every_registered_UID_is_found_with_its_name_type_and_keyword()
    {
        foreach (TsvRow row in Tsv.Read(_root, "uids.tsv").Rows)
        {
            Assert.True(NetDicom.Uids.TryGet(new DicomUid(row["uid"]), out UidInfo info), row["uid"]);
            Assert.Equal((row["uid"], row["keyword"], row["name"], row["retired"] == "Y"), (info.Uid.ToString(), info.Keyword, info.Name, info.IsRetired));
            string type = row["type"].Replace(" a ", " ", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
            Assert.Equal(type, info.Type.ToString(), ignoreCase: true);
            if (info.Keyword.Length > 0)
                Assert.True(NetDicom.Uids.TryGet(row["keyword"], out UidInfo same) && same.Uid == info.Uid);
        }
    }

    [Fact]
    public void Context_groups_are_registered_too()
    {
        Assert.True(NetDicom.Uids.TryGet(new DicomUid("1.2.840.10008.6.1.2"), out UidInfo info));
        Assert.Equal((UidType.ContextGroup, "CID4", "Anatomic Region"), (info.Type, info.Keyword, info.Name));
    }

    [Fact]
    public void Other_UIDs_are_not()
    {
        Assert.False(NetDicom.Uids.TryGet(new DicomUid("1.2.840.10008"), out _));
        Assert.False(NetDicom.Uids.TryGet(default(DicomUid), out _));
        Assert.False(NetDicom.Uids.TryGet("", out _));
        Assert.Equal("1.2.3", NetDicom.Uids.NameOf(new DicomUid("1.2.3")));
        Assert.Equal("1.2.840.10008.3.1.1.1", NetDicom.Uids.DICOMApplicationContext.ToString());
    }

    [Fact]
    public void Every_SOP_class_has_the_line_of_the_table()
    {
        int rows = 0;
        foreach (TsvRow row in Tsv.Read(_root, "sop-classes.tsv").Rows)
        {
            rows++;
            Assert.True(SopClasses.TryGet(new DicomUid(row["uid"]), out SopClassInfo info));
            Assert.Equal((row["uid"], row["keyword"], row["name"]), (info.Uid.ToString(), info.Keyword, info.Name));
            Assert.Equal((row["service_class"], row["info_model"], row["levels"]), (info.ServiceClass, info.InformationModel, info.Levels));
            Assert.Equal((row["kind"] == "Meta", row["retired"] == "Y"), (info.IsMeta, info.IsRetired));
            Assert.Equal("NYSCG".IndexOf(row["role_selection"], StringComparison.Ordinal), (int)info.RoleSelection);
        }

        Assert.Equal(323, rows);
        Assert.True(SopClasses.TryGet(SopClasses.StudyRootQueryRetrieveInformationModelGet, out SopClassInfo get));
        Assert.Equal(DimseServices.CGet, get.Services);
        Assert.True(SopClasses.TryGet(SopClasses.StorageCommitmentPushModel, out SopClassInfo commitment));
        Assert.Equal(DimseServices.NAction | DimseServices.NEventReport, commitment.Services);
    }

    [Fact]
    public void Storage_is_every_class_that_travels_by_C_STORE()
    {
        Assert.Equal(216, SopClasses.Storage.Count);
        Assert.Contains(SopClasses.CTImageStorage, SopClasses.Storage);
        Assert.Contains(SopClasses.HangingProtocolStorage, SopClasses.Storage);
        Assert.DoesNotContain(SopClasses.MediaStorageDirectoryStorage, SopClasses.Storage);
        Assert.DoesNotContain(SopClasses.Verification, SopClasses.Storage);
        Assert.False(SopClasses.IsStorage(new DicomUid("1.2.3")));
        Assert.Equal(SopClasses.Storage.Count, SopClasses.Storage.Distinct().Count());
    }
}
