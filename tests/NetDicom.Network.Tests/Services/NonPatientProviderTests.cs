using System.Net;
using System.Text;
using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;

namespace NetDicom.Network.Tests;

/// <summary>The providers of objects that are of no patient over sockets.</summary>
public class NonPatientProviderTests
{
    public static TheoryData<string> Models() => [.. NonPatientModel.All.Select(model => model.Name)];

    private static NonPatientModel ModelOf(string name) => NonPatientModel.All.Single(model => model.Name == name);

    private static DicomDataSet Instance(DicomUid sopClass, string uid) => new DicomDataSet().Set(DicomTags.SOPClassUID, sopClass).Set(DicomTags.SOPInstanceUID, uid).Set(DicomTags.ContentLabel, "RED");

    private static NonPatientProviderOptions Options(Dictionary<string, DicomDataSet> store, int destination = 0) => new()
    {
        Find = (query, _) => query.Identifier.GetStringOrDefault(DicomTags.Manufacturer) == "BAD"
            ? throw new DicomDataException("bad", DicomTags.Manufacturer) : store.Values.Select(one => one.Clone()).ToAsyncEnumerable(),
        Select = (uids, _) => ValueTask.FromResult<RetrieveObjects>(uids.Where(uid => store.ContainsKey(uid.ToString())).Select(uid => StorageObject.FromDataSet(store[uid.ToString()])).ToArray()),
        Destination = (request, _) => ValueTask.FromResult(request.MoveDestination.ToString() == "RECEIVER" ? new MoveDestination("127.0.0.1", destination) : null),
        Store = (dataSet, _) =>
        {
            store[dataSet.GetString(DicomTags.SOPInstanceUID)] = dataSet;
            return ValueTask.FromResult(RuleResult.Success);
        },
        IsOptionalKeySupported = tag => tag == DicomTags.Manufacturer,
        MaxInstances = 3,
        MaxObjectLength = 2000,
    };

    [Theory, MemberData(nameof(Models))]
    public async Task Objects_are_stored_found_fetched_and_moved(string name)
    {
        NonPatientModel model = ModelOf(name);
        var received = new List<string>();
        var receiver = new ApplicationEntity("RECEIVER");
        receiver.AddSupportedContexts(PresentationContexts.NonPatientObjectStorage);
        receiver.OnStore((request, _) =>
        {
            received.Add(request.AffectedSopInstanceUid.ToString());
            return ValueTask.FromResult(DimseStatus.Success);
        });
        await using DicomServer destination = await receiver.StartServerAsync(0);
        ApplicationEntity entity = Queries.Scp();
        var store = new Dictionary<string, DicomDataSet>();
        entity.AddNonPatientProvider(model, Options(store, destination.Port));
        await using DicomServer server = await entity.StartServerAsync(0);

        var sender = new ApplicationEntity("SENDER");
        foreach (DicomUid sopClass in model.StorageClasses)
            sender.AddRequestedContext(sopClass);
        await using (Association sending = await sender.AssociateAsync(server))
        {
            StorageObject[] objects = [.. model.StorageClasses.Select((sopClass, i) => StorageObject.FromDataSet(Instance(sopClass, $"1.2.3.{i}")))];
            List<StoreOutcome> outcomes = await sending.StoreAsync(objects).ToListAsync();
            Assert.All(outcomes, outcome => Assert.Equal(DimseStatus.Success, outcome.Status));
            await sending.ReleaseAsync();
        }

        Assert.Equal(model.StorageClasses.Count, store.Count);
        var user = new ApplicationEntity("USER");
        user.AddRequestedContexts(model.CreateRequestedContexts());
        await using Association association = await user.AssociateAsync(server);
        List<DicomDataSet> found = await association.FindAsync(model.FindClass, new DicomDataSet().Set(DicomTags.SOPInstanceUID, "")).ToListAsync();
        Assert.Equal(store.Keys.Order(StringComparer.Ordinal), found.Select(one => one.GetString(DicomTags.SOPInstanceUID)).Order(StringComparer.Ordinal));

        // One that is not there is no failure; one asked for twice comes once.
        DicomDataSet wanted = NonPatientModel.CreateRetrieveIdentifier(new DicomUid("1.2.3.0"), new DicomUid("1.2.3.0"), new DicomUid("1.9.9"));
        var got = new List<string>();
        RetrieveResult fetched = await association.GetAsync(model.GetClass, wanted, (request, _) =>
        {
            got.Add($"{request.AffectedSopClassUid} {request.AffectedSopInstanceUid}");
            return ValueTask.FromResult(DimseStatus.Success);
        }).CompleteAsync();
        Assert.Equal((DimseStatus.Success, 1), (fetched.Status, (int)fetched.Progress.Completed!));
        Assert.Equal([$"{model.StorageClasses[0]} 1.2.3.0"], got);

        RetrieveResult moved = await association.MoveAsync(model.MoveClass, wanted, AETitle.Parse("RECEIVER")).CompleteAsync();
        Assert.Equal((DimseStatus.Success, 1), (moved.Status, (int)moved.Progress.Completed!));
        Assert.Equal(["1.2.3.0"], received);
        Assert.Equal(0xA801, (await association.MoveAsync(model.MoveClass, wanted, AETitle.Parse("NOBODY")).CompleteAsync()).Status.Code);
    }

    [Fact]
    public async Task Each_rule_is_a_status_on_the_wire()
    {
        NonPatientModel model = NonPatientModel.ColorPalette;
        ApplicationEntity entity = Queries.Scp();
        entity.AddNonPatientProvider(model, Options(new Dictionary<string, DicomDataSet> { ["1.2.3"] = Instance(model.StorageClasses[0], "1.2.3") }));
        await using DicomServer server = await entity.StartServerAsync(0);
        var user = new ApplicationEntity("USER");
        user.AddRequestedContexts(model.CreateRequestedContexts());
        await using Association association = await user.AssociateAsync(server);
        DicomDataSet keys = new DicomDataSet().Set(DicomTags.SOPInstanceUID, "1.2.3");

        Assert.Equal([DimseStatus.Pending, DimseStatus.Success], await Statuses(keys.Clone().Set(DicomTags.Manufacturer, "M")));
        Assert.Equal([DimseStatus.PendingWarning, DimseStatus.Success], await Statuses(keys.Clone().Set(DicomTags.InstitutionName, "I")));
        Assert.Equal([DimseStatus.DataSetDoesNotMatchSopClass], await Statuses(keys.Clone().Set(DicomTags.QueryRetrieveLevel, "IMAGE")));
        DimseStatusException bad = await Assert.ThrowsAsync<DimseStatusException>(() => association.FindAsync(model.FindClass, keys.Clone().Set(DicomTags.Manufacturer, "BAD")).ToListAsync());
        Assert.Equal((0xA900, DicomTags.Manufacturer), (bad.Status.Code, Assert.Single(bad.OffendingElements)));

        RetrieveResult none = await association.GetAsync(model.GetClass, new DicomDataSet().Set(DicomTags.ContentLabel, "RED"), (_, _) => ValueTask.FromResult(DimseStatus.Success)).CompleteAsync();
        Assert.Equal((0xA900, DicomTags.SOPInstanceUID), (none.Status.Code, Assert.Single(none.OffendingElements)));
        DicomDataSet four = NonPatientModel.CreateRetrieveIdentifier(Enumerable.Range(1, 4).Select(i => new DicomUid($"1.2.{i}")));
        Assert.Equal(0xA900, (await association.MoveAsync(model.MoveClass, four, AETitle.Parse("RECEIVER")).CompleteAsync()).Status.Code);

        async Task<DimseStatus[]> Statuses(DicomDataSet identifier) => [.. (await association.FindAsync(model.FindClass, identifier).ReadResponsesAsync().ToListAsync()).Select(one => one.Status)];
    }

    [Theory]
    [InlineData("1.2.3", "1.2.840.10008.5.1.4.39.1", 10, 0x0000)]
    [InlineData("1.2.4", "1.2.840.10008.5.1.4.39.1", 10, 0xA900)]
    [InlineData("1.2.3", "1.2.840.10008.5.1.4.38.1", 10, 0xA900)]
    [InlineData("1.2.3", "1.2.840.10008.5.1.4.39.1", 5000, 0xA700)]
    public async Task An_object_that_is_stored_is_what_the_request_names_and_not_too_long(string uid, string sopClass, int length, int status)
    {
        NonPatientModel model = NonPatientModel.ColorPalette;
        ApplicationEntity entity = Queries.Scp();
        entity.AddNonPatientProvider(model, Options([]));
        await using DicomServer server = await entity.StartServerAsync(0);
        await using Association association = await Queries.Scu(SopClasses.ColorPaletteStorage).AssociateAsync(server);
        DicomDataSet dataSet = Instance(new DicomUid(sopClass), uid).Set(DicomTags.ContentDescription, new string('x', length));
        StorageObject sent = StorageObject.FromStream("one", new MemoryStream(dataSet.Bytes()), SopClasses.ColorPaletteStorage, new DicomUid("1.2.3"), Queries.Explicit);
        StoreOutcome outcome = Assert.Single(await association.StoreAsync([sent]).ToListAsync());
        Assert.Equal(status, outcome.Status!.Value.Code);
    }

    [Fact]
    public async Task Only_what_the_owner_has_a_function_for_is_offered()
    {
        NonPatientModel model = NonPatientModel.Inventory;
        ApplicationEntity entity = Queries.Scp();
        entity.AddNonPatientProvider(model, new NonPatientProviderOptions { Find = (_, _) => AsyncEnumerable.Empty<DicomDataSet>() });
        await using DicomServer server = await entity.StartServerAsync(0);
        var user = new ApplicationEntity("USER");
        user.AddRequestedContexts(model.CreateRequestedContexts());
        await using Association association = await user.AssociateAsync(server);
        Assert.NotNull(association.TryFindContext(model.FindClass));
        foreach (DicomUid sopClass in (DicomUid[])[model.GetClass, model.MoveClass, .. model.StorageClasses])
            Assert.True(association.TryFindContext(sopClass) is null && association.TryFindContext(sopClass, asScp: true) is null);
        Assert.Empty(await association.FindAsync(model.FindClass, model.CreateIdentifier()).ToListAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Fuzzy_matching_and_time_zones_are_used_as_they_were_negotiated(bool isAnswered)
    {
        NonPatientModel model = NonPatientModel.DefinedProcedureProtocol;
        WorklistExtendedNegotiation? seen = null;
        ApplicationEntity entity = Queries.Scp();
        entity.AddNonPatientProvider(model, new NonPatientProviderOptions
        {
            Find = (query, _) =>
            {
                seen = query.Agreed;
                return AsyncEnumerable.Empty<DicomDataSet>();
            },
        });
        await using DicomServer server = await entity.StartServerAsync(0, new DicomServerOptions
        {
            OnNegotiate = (negotiation, _) =>
            {
                if (isAnswered)
                    negotiation.Answer(model.FindClass, new WorklistExtendedNegotiation(FuzzyNameMatching: true));
                return ValueTask.CompletedTask;
            },
        });
        var user = new ApplicationEntity("USER");
        user.AddRequestedContext(model.FindClass);
        await using Association association = await user.AssociateAsync("127.0.0.1", server.Port, new AssociationOptions
        {
            ExtendedNegotiations = [new WorklistExtendedNegotiation(FuzzyNameMatching: true, TimezoneAdjustment: true).ToItem(model.FindClass)],
        });
        Assert.Empty(await association.FindAsync(model.FindClass, model.CreateIdentifier()).ToListAsync());
        Assert.Equal(new WorklistExtendedNegotiation(FuzzyNameMatching: isAnswered), seen);
    }

    private static byte[] Element(ushort group, ushort element, string vr, string value) =>
        [(byte)group, (byte)(group >> 8), (byte)element, (byte)(element >> 8), .. Encoding.ASCII.GetBytes(vr), (byte)value.Length, 0, .. Encoding.ASCII.GetBytes(value)];

    [Fact]
    public async Task A_hanging_protocol_query_in_bytes_of_the_standard_is_answered_in_such_bytes()
    {
        string? asked = null;
        ApplicationEntity entity = Queries.Scp();
        entity.AddNonPatientProvider(NonPatientModel.HangingProtocol, new NonPatientProviderOptions
        {
            Find = (query, _) =>
            {
                asked = query.Identifier.GetString(DicomTags.HangingProtocolName);
                return new[] { new DicomDataSet().Set(DicomTags.HangingProtocolName, "CT1").Set(DicomTags.HangingProtocolLevel, "SITE") }.ToAsyncEnumerable();
            },
        });
        await using DicomServer server = await entity.StartServerAsync(0);
        using RawPeer peer = await Queries.ConnectAsync(server, SopClasses.HangingProtocolInformationModelFind);
        // Hanging Protocol Name (0072,0002) SH, wild card; Hanging Protocol Level (0072,0006) CS, to be returned.
        byte[] identifier = [.. Element(0x0072, 0x0002, "SH", "CT* "), .. Element(0x0072, 0x0006, "CS", "")];
        await peer.SendAsync(1, new CFindRequest { MessageId = 5, AffectedSopClassUid = SopClasses.HangingProtocolInformationModelFind, HasDataSet = true }, identifier);
        (CommandSet pending, byte[]? match) = await peer.ReadMessageAsync();
        Assert.Equal((CommandField.CFindResponse, (ushort)5, DimseStatus.Pending), (pending.Command, pending.MessageIdBeingRespondedTo, pending.Status));
        Assert.Equal([.. Element(0x0072, 0x0002, "SH", "CT1 "), .. Element(0x0072, 0x0006, "CS", "SITE")], match!);
        (CommandSet final, byte[]? none) = await peer.ReadMessageAsync();
        Assert.Equal((DimseStatus.Success, true), (final.Status, none is null));
        Assert.Equal("CT*", asked);
        // Query/Retrieve Level (0008,0052) may not be there: A900H with the offending element (PS3.4 table K.4-1).
        await peer.SendAsync(1, new CFindRequest { MessageId = 6, AffectedSopClassUid = SopClasses.HangingProtocolInformationModelFind, HasDataSet = true }, Element(0x0008, 0x0052, "CS", "IMAGE "));
        CommandSet refused = (await peer.ReadMessageAsync()).Command;
        Assert.Equal((0xA900, DicomTags.QueryRetrieveLevel), (refused.Status.Code, Assert.Single(refused.OffendingElements)));
    }
}
