namespace NetDicom.Protocol.Tests;

/// <summary>The service class application information of 56H items, byte by byte as PS3.4 prints it.</summary>
public class ExtendedNegotiationTests
{
    private static readonly DicomUid s_class = new("1.2");

    /// <summary>PS3.4 table C.5-1: seven bytes, of which 2 to 7 may be left off.</summary>
    [Theory]
    [InlineData("", "0000000", "00"), InlineData("00", "0000000", "00"), InlineData("01", "1000000", "01")]
    [InlineData("00 01", "0100000", "00 01"), InlineData("00 00 01", "0010000", "00 00 01"), InlineData("00 00 00 01", "0001000", "00 00 00 01")]
    [InlineData("01 00 00 00 01", "1000100", "01 00 00 00 01"), InlineData("00 00 00 00 00 01", "0000010", "00 00 00 00 00 01")]
    [InlineData("00 00 00 00 00 00 01", "0000001", "00 00 00 00 00 00 01"), InlineData("01 01 01 01 01 01 01", "1111111", "01 01 01 01 01 01 01")]
    [InlineData("01 01 00 00 00 00 00", "1100000", "01 01"), InlineData("02 FF 01", "0010000", "00 00 01"), InlineData("01 00 00 00 00 00 00 01 01", "1000000", "01")]
    public void A_query_item_is_read_at_any_length_and_written_as_far_as_it_says_yes(string bytes, string flags, string written)
    {
        QueryExtendedNegotiation query = QueryExtendedNegotiation.From(Item(bytes));
        Assert.Equal(
            flags,
            Flags(query.RelationalQueries, query.DateTimeMatching, query.FuzzyNameMatching, query.TimezoneAdjustment, query.EnhancedImageConversion, query.EmptyValueMatching, query.MultipleValueMatching));
        Assert.Equal(Wire.Bytes(written), Bytes(query.ToItem(s_class)));
    }

    /// <summary>PS3.4 table C.5-3: two bytes, of which the second may be left off.</summary>
    [Theory]
    [InlineData("", "00", "00"), InlineData("01", "10", "01"), InlineData("00 01", "01", "00 01"), InlineData("01 01", "11", "01 01"), InlineData("01 00 01", "10", "01"), InlineData("02", "00", "00")]
    public void A_retrieve_item_is_read_at_any_length(string bytes, string flags, string written)
    {
        RetrieveExtendedNegotiation retrieve = RetrieveExtendedNegotiation.From(Item(bytes));
        Assert.Equal(flags, Flags(retrieve.RelationalRetrieval, retrieve.EnhancedImageConversion));
        Assert.Equal(Wire.Bytes(written), Bytes(retrieve.ToItem(s_class)));
    }

    /// <summary>PS3.4 annex K.5: three bytes, the first two always 1, and perhaps a fourth.</summary>
    [Theory]
    [InlineData("", "00", "01 01 00"), InlineData("01 01", "00", "01 01 00"), InlineData("01 01 01", "10", "01 01 01"), InlineData("01 01 00 01", "01", "01 01 00 01"), InlineData("00 00 01 01 07", "11", "01 01 01 01")]
    public void A_worklist_item_is_read_at_any_length_and_written_with_three_bytes_at_least(string bytes, string flags, string written)
    {
        WorklistExtendedNegotiation worklist = WorklistExtendedNegotiation.From(Item(bytes));
        Assert.Equal(flags, Flags(worklist.FuzzyNameMatching, worklist.TimezoneAdjustment));
        Assert.Equal(Wire.Bytes(written), Bytes(worklist.ToItem(s_class)));
    }

    /// <summary>PS3.4 table B.3-1: level, reserved, signatures, reserved, coercion, reserved.</summary>
    [Theory]
    [InlineData("", 3, 0, 2, "03 00 00 00 02 00"), InlineData("02", 2, 0, 2, "02 00 00 00 02 00"), InlineData("01 00", 1, 0, 2, "01 00 00 00 02 00")]
    [InlineData("00 00 03", 0, 3, 2, "00 00 03 00 02 00"), InlineData("02 00 01 00 00", 2, 1, 0, "02 00 01 00 00 00"), InlineData("02 00 03 00 01 00", 2, 3, 1, "02 00 03 00 01 00")]
    [InlineData("02 FF 02 FF 01 FF 09", 2, 2, 1, "02 00 02 00 01 00"), InlineData("07 00 08 00 09 00", 7, 8, 9, "07 00 08 00 09 00")]
    public void A_storage_item_is_read_at_any_length_and_written_whole(string bytes, byte level, byte signatures, byte coercion, string written)
    {
        StorageExtendedNegotiation storage = StorageExtendedNegotiation.From(Item(bytes));
        Assert.Equal(((StorageSupportLevel)level, (DigitalSignatureSupport)signatures, (ElementCoercion)coercion), (storage.Level, storage.DigitalSignatures, storage.ElementCoercion));
        Assert.Equal(new StorageExtendedNegotiation((StorageSupportLevel)level, (DigitalSignatureSupport)signatures, (ElementCoercion)coercion), storage);
        Assert.Equal(Wire.Bytes(written), Bytes(storage.ToItem(s_class)));
    }

    [Fact]
    public void A_storage_item_without_a_value_says_what_an_SCU_says() =>
        Assert.Equal(new StorageExtendedNegotiation(StorageSupportLevel.NotApplicable, DigitalSignatureSupport.Unspecified, ElementCoercion.NotApplicable), default);

    [Fact]
    public void An_acceptor_agrees_to_what_was_offered_and_it_has()
    {
        var all = new QueryExtendedNegotiation(true, true, true, true, true, true, true);
        for (int bit = 0; bit < 7; bit++)
        {
            byte[] one = new byte[bit + 1];
            one[bit] = 1;
            QueryExtendedNegotiation only = QueryExtendedNegotiation.From(new SopClassExtendedNegotiation(s_class, one));
            Assert.Equal(only, all.Within(only));
            Assert.Equal(only, only.Within(all));
            Assert.Equal(default, only.Within(default));
            // The answer is never longer than the offer (PS3.4 C.5.1.1).
            Assert.Equal(one, Bytes(only.Within(all).ToItem(s_class)));
        }

        Assert.Equal(new RetrieveExtendedNegotiation(true, false), new RetrieveExtendedNegotiation(true, true).Within(new RetrieveExtendedNegotiation(true, false)));
        Assert.Equal(new RetrieveExtendedNegotiation(false, true), new RetrieveExtendedNegotiation(false, true).Within(new RetrieveExtendedNegotiation(true, true)));
        Assert.Equal(new WorklistExtendedNegotiation(false, true), new WorklistExtendedNegotiation(true, true).Within(new WorklistExtendedNegotiation(false, true)));
        Assert.Equal(default, new WorklistExtendedNegotiation(true, false).Within(new WorklistExtendedNegotiation(false, true)));
    }

    private static SopClassExtendedNegotiation Item(string bytes) => new(s_class, Wire.Bytes(bytes));

    private static byte[] Bytes(SopClassExtendedNegotiation item)
    {
        Assert.Equal(s_class, item.SopClassUid);
        return item.ServiceClassApplicationInformation.ToArray();
    }

    private static string Flags(params bool[] flags) => string.Concat(flags.Select(flag => flag ? '1' : '0'));
}
