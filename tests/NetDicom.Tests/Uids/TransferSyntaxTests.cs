using NetDicom.Tables;

namespace NetDicom.Tests.Uids;

public class TransferSyntaxTests
{
    [Fact]
    public void Every_transfer_syntax_has_the_traits_of_the_table()
    {
        int rows = 0;
        foreach (TsvRow row in Tsv.Read(Repository.Find(AppContext.BaseDirectory), "transfer-syntaxes.tsv").Rows)
        {
            rows++;
            TransferSyntax syntax = new DicomUid(row["uid"]);
            Assert.True(syntax.IsKnown);
            Assert.Equal(row["name"], syntax.Name);
            Assert.Equal(row["vr_encoding"] != "implicit", syntax.IsExplicitVR);
            Assert.Equal(row["endian"] == "big", syntax.IsBigEndian);
            Assert.Equal(row["deflated"] == "Y", syntax.IsDeflated);
            Assert.Equal(row["encapsulated"] == "Y", syntax.IsEncapsulated);
            Assert.Equal(row["lossy"] is "Y" or "either", syntax.IsLossy);
            Assert.Equal(row["retired"] == "Y", syntax.IsRetired);
        }

        Assert.Equal(63, rows);
    }

    [Fact]
    public void A_constant_has_the_same_traits_as_a_look_up()
    {
        TransferSyntax constant = TransferSyntax.JPEG2000;
        var lookedUp = new TransferSyntax(new DicomUid("1.2.840.10008.1.2.4.91"));
        Assert.Equal(constant, lookedUp);
        Assert.True(constant.IsKnown && constant.IsExplicitVR && constant.IsEncapsulated && constant.IsLossy && !constant.IsDeflated);
        Assert.True(TransferSyntax.ImplicitVRLittleEndian.IsUncompressed && !TransferSyntax.ImplicitVRLittleEndian.IsExplicitVR);
        Assert.True(TransferSyntax.ExplicitVRBigEndian.IsBigEndian && TransferSyntax.DeflatedExplicitVRLittleEndian.IsDeflated);
        Assert.False(TransferSyntax.JPEG2000.IsUncompressed);
    }

    [Fact]
    public void A_syntax_nobody_knows_is_explicit_little_endian_and_encapsulated()
    {
        TransferSyntax syntax = new DicomUid("1.2.3.4");
        Assert.False(syntax.IsKnown);
        Assert.True(syntax.IsExplicitVR && syntax.IsEncapsulated);
        Assert.False(syntax.IsBigEndian || syntax.IsDeflated || syntax.IsUncompressed);
        Assert.Equal("1.2.3.4", syntax.Name);
    }

    [Fact]
    public void A_private_syntax_can_be_given_its_traits()
    {
        var syntax = new TransferSyntax(new DicomUid("1.2.840.113619.5.99"), TransferSyntaxTraits.None);
        Assert.False(syntax.IsExplicitVR || syntax.IsEncapsulated || syntax.IsKnown);
        Assert.True(syntax.IsUncompressed);
        // Its pixels are big endian: not to be converted by those who know data sets only.
        Assert.False(new TransferSyntax(new DicomUid("1.2.840.113619.5.2"), TransferSyntaxTraits.None).IsUncompressed);
        Assert.Throws<ArgumentException>(() => new TransferSyntax(default, TransferSyntaxTraits.None));
    }

    [Fact]
    public void The_default_is_none()
    {
        Assert.True(default(TransferSyntax).IsNone);
        Assert.False(default(TransferSyntax).IsUncompressed);
        Assert.Equal(default, new TransferSyntax(default));
    }

    [Fact]
    public void A_SOP_class_is_not_a_transfer_syntax() => Assert.False(new TransferSyntax(SopClasses.CTImageStorage).IsKnown);
}
