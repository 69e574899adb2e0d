using NetDicom.Protocol;
using NetDicom.TestSupport;

namespace NetDicom.Network.Tests;

/// <summary>PS3.4 annex J.</summary>
public class StorageCommitmentTests
{
    private static readonly DicomUid _transaction = new("1.2.3");
    private static readonly SopReference _one = new(SopClasses.CTImageStorage, new DicomUid("1.2.3.1"));
    private static readonly SopReference _two = new(SopClasses.MRImageStorage, new DicomUid("1.2.3.2"));

    private static StorageCommitmentRequest Request(params SopReference[] references) => new(_transaction, references);

    [Fact]
    public void A_request_is_read_from_the_layout_of_the_standard()
    {
        // Implicit VR Little Endian by hand: (0008,1195) UI, (0008,1199) SQ of undefined length with one item.
        byte[] bytes =
        [
            0x08, 0, 0x95, 0x11, 6, 0, 0, 0, .. "1.2.3\0"u8,
            0x08, 0, 0x99, 0x11, 0xFF, 0xFF, 0xFF, 0xFF,
            0xFE, 0xFF, 0x00, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF,
            0x08, 0, 0x50, 0x11, 26, 0, 0, 0, .. "1.2.840.10008.5.1.4.1.1.2\0"u8,
            0x08, 0, 0x55, 0x11, 8, 0, 0, 0, .. "1.2.3.1\0"u8,
            0xFE, 0xFF, 0x0D, 0xE0, 0, 0, 0, 0,
            0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0,
        ];
        RuleResult result = StorageCommitmentRequest.Read(DicomDataSet.Read(bytes, TransferSyntax.ImplicitVRLittleEndian), out StorageCommitmentRequest? request);
        Assert.True(result.IsDone);
        Assert.Equal((_transaction, _one), (request!.TransactionUid, Assert.Single(request.Instances)));
    }

    [Fact]
    public void A_request_that_was_built_is_read_again()
    {
        StorageCommitmentRequest built = StorageCommitmentRequest.For([_one, _two, _one]);
        Assert.True(StorageCommitmentRequest.Read(built.ToDataSet(), out StorageCommitmentRequest? read).IsDone);
        Assert.Equal(built.TransactionUid, read!.TransactionUid);
        Assert.Equal([_one, _two], read.Instances);
        Assert.True(ServiceRules.CheckActionInformation(SopClasses.StorageCommitmentPushModel, 1, built.ToDataSet()).IsDone);
    }

    [Fact]
    public void A_request_that_lacks_something_is_refused_with_the_element()
    {
        DicomDataSet Without(DicomTag tag)
        {
            DicomDataSet information = Request(_one).ToDataSet();
            information.Remove(tag);
            return information;
        }

        Assert.Equal(0x0114, StorageCommitmentRequest.Read(null, out _).Status.Code);
        foreach (DicomTag tag in (DicomTag[])[DicomTags.TransactionUID, DicomTags.ReferencedSOPSequence])
        {
            RuleResult result = StorageCommitmentRequest.Read(Without(tag), out StorageCommitmentRequest? request);
            Assert.Equal((0x0114, tag, null), (result.Status.Code, Assert.Single(result.Elements), request));
        }

        DicomDataSet empty = Request(_one).ToDataSet().Set(DicomTags.ReferencedSOPSequence, new DicomDataSet().Set(DicomTags.ReferencedSOPInstanceUID, "1.2"));
        Assert.Equal((0x0115, DicomTags.ReferencedSOPSequence), (StorageCommitmentRequest.Read(empty, out _).Status.Code, StorageCommitmentRequest.Read(empty, out _).Elements[0]));
        DicomDataSet noUid = Request(_one).ToDataSet().Set(DicomTags.TransactionUID, "../../etc");
        Assert.Equal(0x0115, StorageCommitmentRequest.Read(noUid, out _).Status.Code);
    }

    [Theory]
    [InlineData("1.2.840.10008.1.20.1.1", 1, 0x0000)]
    [InlineData("1.2.840.10008.1.20.1.1", 2, 0x0123)]
    [InlineData("1.2.3", 1, 0x0112)]
    public void The_action_is_number_1_on_the_well_known_instance(string instance, int type, int status) =>
        Assert.Equal(status, StorageCommitmentRules.CheckAction(new DicomUid(instance), (ushort)type).Status.Code);

    [Fact]
    public void Each_instance_is_judged_by_what_is_stored()
    {
        var third = new SopReference(SopClasses.CTImageStorage, new DicomUid("1.2.3.3"));
        var fourth = new SopReference(new DicomUid("1.2.9"), new DicomUid("1.2.3.4"));
        StorageCommitmentResult result = StorageCommitmentRules.Judge(Request(_one, _two, third, fourth),
            uid => uid == _one.SopInstanceUid || uid == _two.SopInstanceUid ? SopClasses.CTImageStorage : null, SopClasses.IsStorage);
        Assert.Equal([_one], result.Committed);
        Assert.Equal([(_two, 0x0119), (third, 0x0112), (fourth, 0x0122)], result.Failed.Select(failed => (failed.Reference, (int)failed.Reason)));
        Assert.Empty(StorageCommitmentRules.Discrepancies(Request(_one, _two, third, fourth), result));
        Assert.Equal(2, result.EventTypeId);
    }

    [Fact]
    public void An_event_of_type_1_has_no_failures_and_of_type_2_no_empty_lists()
    {
        var all = new StorageCommitmentResult(_transaction, [_one], []) { RetrieveAETitle = "ARCHIVE" };
        Assert.Equal(1, all.EventTypeId);
        Assert.False(all.ToDataSet().Contains(DicomTags.FailedSOPSequence));
        Assert.Equal("ARCHIVE", all.ToDataSet().GetString(DicomTags.RetrieveAETitle));
        StorageCommitmentResult none = StorageCommitmentRules.FailAll(Request(_one, _two), CommitmentFailureReason.ResourceLimitation);
        Assert.Equal(2, none.EventTypeId);
        Assert.False(none.ToDataSet().Contains(DicomTags.ReferencedSOPSequence));
    }

    /// <summary>Failure reasons of the table.</summary>
    public static TheoryData<string> Reasons() => [.. RuleFacts.Read("statuses.tsv").Where(row => row["scope"] == "Failure Reason (0008,1197): Storage Commitment").Select(row => row["code"])];

    [Theory, MemberData(nameof(Reasons))]
    public void Every_failure_reason_is_written_and_read(string code)
    {
        var reason = (CommitmentFailureReason)Convert.ToInt32(code, 16);
        Assert.True(Enum.IsDefined(reason));
        DicomDataSet information = StorageCommitmentRules.FailAll(Request(_one), reason).ToDataSet();
        Assert.Equal(Convert.ToInt32(code, 16), information.GetInt32("FailedSOPSequence[0].FailureReason"));
        Assert.True(StorageCommitmentResult.Read(2, information, out StorageCommitmentResult? result).IsDone);
        Assert.Equal(new FailedCommitment(_one, reason), Assert.Single(result!.Failed));
    }

    [Fact]
    public void An_event_may_name_the_retrieve_title_outside_or_in_its_items()
    {
        DicomDataSet information = new DicomDataSet().Set(DicomTags.TransactionUID, _transaction).Set(DicomTags.ReferencedSOPSequence, _one.ToItem().Set(DicomTags.RetrieveAETitle, "INNER"));
        StorageCommitmentResult.Read(1, information, out StorageCommitmentResult? result);
        Assert.Equal("INNER", result!.RetrieveAETitle);
    }

    [Fact]
    public void An_event_that_is_wrong_is_refused()
    {
        DicomDataSet good = new StorageCommitmentResult(_transaction, [_one], []).ToDataSet();
        Assert.Equal(0x0113, StorageCommitmentResult.Read(3, good, out _).Status.Code);
        Assert.Equal(0x0115, StorageCommitmentResult.Read(1, [], out _).Status.Code);
        Assert.Equal(0x0114, StorageCommitmentResult.Read(2, good, out _).Status.Code);
        Assert.Equal(0x0115, StorageCommitmentResult.Read(1, good.Set(DicomTags.ReferencedSOPSequence, new DicomDataSet()), out _).Status.Code);
    }

    [Fact]
    public void A_result_names_each_requested_instance_exactly_once()
    {
        StorageCommitmentRequest request = Request(_one, _two);
        Assert.Equal([_two], StorageCommitmentRules.Discrepancies(request, new StorageCommitmentResult(_transaction, [_one], [])));
        Assert.Equal([_one], StorageCommitmentRules.Discrepancies(request, new StorageCommitmentResult(_transaction, [_one, _two], [new(_one, CommitmentFailureReason.ProcessingFailure)])));
        Assert.Equal([_one, _two], StorageCommitmentRules.Discrepancies(request, new StorageCommitmentResult(new DicomUid("1.9"), [_one, _two], [])));
    }

    [Fact]
    public void A_transaction_UID_in_use_is_a_duplicate_and_free_again_after_the_event()
    {
        var transactions = new CommitmentTransactions(TimeSpan.FromDays(1));
        Assert.Null(transactions.TryBegin(Request(_one), "A"));
        Assert.Equal(CommitmentFailureReason.DuplicateTransactionUid, transactions.TryBegin(Request(_two), "A"));
        Assert.True(transactions.TryEnd(_transaction, "A", out StorageCommitmentRequest? request));
        Assert.Equal([_one], request.Instances);
        Assert.False(transactions.TryEnd(_transaction, "A", out _));
        Assert.Null(transactions.TryBegin(Request(_two), "A"));
    }

    [Fact]
    public void An_answer_from_another_peer_ends_nothing()
    {
        var transactions = new CommitmentTransactions(TimeSpan.FromDays(1));
        transactions.TryBegin(Request(_one), "ARCHIVE");
        Assert.False(transactions.TryEnd(_transaction, "STRANGER", out _));
        Assert.Equal(1, transactions.Count);
    }

    [Fact]
    public void A_transaction_is_forgotten_when_its_time_is_over()
    {
        var clock = new FakeTimeProvider();
        var transactions = new CommitmentTransactions(TimeSpan.FromHours(2), timeProvider: clock);
        transactions.TryBegin(Request(_one), "A");
        clock.Advance(TimeSpan.FromHours(2) - TimeSpan.FromTicks(1));
        Assert.Empty(transactions.RemoveExpired());
        Assert.Equal(1, transactions.Count);
        clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(0, transactions.Count);
        Assert.False(transactions.TryEnd(_transaction, "A", out _));
        Assert.Equal(_transaction, Assert.Single(transactions.RemoveExpired()).TransactionUid);
        Assert.Null(transactions.TryBegin(Request(_one), "A"));
    }

    [Fact]
    public void There_is_a_limit_to_transactions()
    {
        var transactions = new CommitmentTransactions(TimeSpan.FromDays(1), 1);
        transactions.TryBegin(Request(_one), "A");
        Assert.Equal(CommitmentFailureReason.ResourceLimitation, transactions.TryBegin(new StorageCommitmentRequest(new DicomUid("1.9"), [_one]), "A"));
    }
}
