using NetDicom.Cli.Invocation;
using NetDicom.Cli.Querying;
using NetDicom.Protocol;

namespace NetDicom.Cli.Tests;

public class GetContextsTests
{
    private static readonly DicomUid s_get = SopClasses.StudyRootQueryRetrieveInformationModelGet;

    [Fact]
    public void Without_a_wish_128_contexts_cover_the_usual_classes_and_the_commonest_compressed_syntaxes()
    {
        IReadOnlyList<PresentationContext> contexts = GetContexts.For(s_get, [], [], out int leftOut);
        Assert.Equal(Negotiation.MaxContexts, contexts.Count);
        Assert.True(leftOut > 0);
        Assert.Equal(s_get, contexts[0].AbstractSyntax);
        Assert.Null(contexts[0].ScpRole);
        Assert.All(contexts.Skip(1), c => Assert.True(c.ScpRole));
        Assert.All(contexts.Skip(1), c => Assert.True(SopClasses.IsStorage(c.AbstractSyntax)));
        // Each class first in the uncompressed syntaxes, then each compressed syntax in a context of its own: an acceptor chooses one of a context.
        Assert.Equal(58, contexts.Count(c => c.TransferSyntaxes.Count == 2) - 1);
        Assert.All(contexts.Where(c => c.TransferSyntaxes.Count > 1), c =>
            Assert.Equal([TransferSyntax.ExplicitVRLittleEndian.Uid, TransferSyntax.ImplicitVRLittleEndian.Uid], c.TransferSyntaxes));
        Assert.Equal(contexts.Count, contexts.DistinctBy(c => (c.AbstractSyntax, c.TransferSyntaxes[0], c.TransferSyntaxes.Count)).Count());
        Assert.Contains(contexts, c => c.AbstractSyntax == SopClasses.CTImageStorage && c.TransferSyntaxes[0] == TransferSyntax.JPEGLosslessSV1.Uid);
        Assert.Contains(contexts, c => c.AbstractSyntax == SopClasses.UltrasoundMultiFrameImageStorage && c.TransferSyntaxes[0] == TransferSyntax.JPEG2000Lossless.Uid);
    }

    [Fact]
    public void Classes_that_are_named_get_every_syntax_of_the_registry_that_fits()
    {
        IReadOnlyList<PresentationContext> contexts = GetContexts.For(s_get, [SopClasses.CTImageStorage], [], out int leftOut);
        Assert.Equal(0, leftOut);
        Assert.Equal(TransferSyntax.All.Select(s => s.Uid).Order(), contexts.Skip(1).SelectMany(c => c.TransferSyntaxes).Order());
    }

    [Fact]
    public void Syntaxes_that_are_named_are_contexts_of_their_own()
    {
        IReadOnlyList<PresentationContext> contexts = GetContexts.For(s_get, [SopClasses.CTImageStorage, SopClasses.MRImageStorage],
            [TransferSyntax.JPEG2000Lossless, TransferSyntax.ExplicitVRLittleEndian], out _);
        Assert.Equal(
            [(SopClasses.CTImageStorage, TransferSyntax.JPEG2000Lossless.Uid), (SopClasses.MRImageStorage, TransferSyntax.JPEG2000Lossless.Uid),
                (SopClasses.CTImageStorage, TransferSyntax.ExplicitVRLittleEndian.Uid), (SopClasses.MRImageStorage, TransferSyntax.ExplicitVRLittleEndian.Uid)],
            contexts.Skip(1).Select(c => (c.AbstractSyntax, Assert.Single(c.TransferSyntaxes))));
    }

    [Fact]
    public void SOP_classes_in_the_query_say_what_comes_and_are_not_sent()
    {
        var query = new DicomDataSet { { DicomTags.StudyInstanceUID, "1.2.3" }, { DicomTags.SOPClassesInStudy, SopClasses.CTImageStorage.ToString(), SopClasses.KeyObjectSelectionDocumentStorage.ToString() } };
        Assert.Equal([SopClasses.CTImageStorage, SopClasses.KeyObjectSelectionDocumentStorage], GetContexts.TakeFrom(query));
        Assert.False(query.Contains(DicomTags.SOPClassesInStudy));
        Assert.Empty(GetContexts.TakeFrom(query));
    }

    [Fact]
    public void Classes_are_named_by_UID_or_keyword()
    {
        Assert.Equal(SopClasses.CTImageStorage, GetContexts.ParseClass("1.2.840.10008.5.1.4.1.1.2"));
        Assert.Equal(SopClasses.CTImageStorage, GetContexts.ParseClass("CTImageStorage"));
        Assert.Equal(SopClasses.CTImageStorage, GetContexts.ParseClass("CT"));
        Assert.Throws<UsageException>(() => GetContexts.ParseClass("NoSuchClass"));
        Assert.Throws<UsageException>(() => GetContexts.ParseSyntax("NoSuchSyntax"));
    }
}
