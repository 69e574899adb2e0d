using System.Globalization;
using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;

namespace NetDicom.Network.Tests;

public class UnreadableDataSetTests
{
    [Fact]
    public async Task A_data_set_of_a_peer_that_cannot_be_read_is_a_warning_and_no_failed_handler()
    {
        using var log = new ListLog();
        ApplicationEntity entity = Queries.Scp(Queries.Find);
        bool called = false;
        entity.OnFind((_, _) =>
        {
            called = true;
            return AsyncEnumerable.Empty<FindMatch>();
        });
        await using DicomServer server = await entity.StartServerAsync(0, new DicomServerOptions { LoggerFactory = log });
        using RawPeer peer = await Queries.ConnectAsync(server, Queries.Find);
        // An item where an element has to be (PS3.5 section 7.5).
        await peer.SendAsync(1, Queries.Request(1), [0xFE, 0xFF, 0x00, 0xE0, 0, 0, 0, 0]);
        Assert.Equal(DimseStatus.CannotUnderstand, (await peer.ReadMessageAsync()).Command.Status);
        Assert.Contains("an item outside a sequence", await log.WhenLoggedAsync(1309), StringComparison.Ordinal);
        Assert.False(called);
        Assert.DoesNotContain(log.Lines, line => line.Contains("the handler of", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_handler_stumbles_over_is_logged_without_the_patients_values()
    {
        using var log = new ListLog();
        ApplicationEntity entity = Queries.Scp(Queries.Find);
        entity.OnFind((request, _) => request.Identifier.GetStringOrDefault(DicomTags.PatientID) == "birth"
            ? new[] { FindMatch.Final(DimseStatus.Success, request.Identifier.GetDate(DicomTags.PatientBirthDate).ToString("O", CultureInfo.InvariantCulture)) }.ToAsyncEnumerable()
            // A name that the character set of the answer does not have.
            : new[] { new FindMatch(Queries.Match(1).Set(DicomTags.SpecificCharacterSet, "ISO_IR 100").Set(DicomTags.PatientName, "S\u00f8ren\u65e5")) }.ToAsyncEnumerable());
        await using DicomServer server = await entity.StartServerAsync(0, new DicomServerOptions { LoggerFactory = log });
        await using Association association = await Queries.Scu(Queries.Find).AssociateAsync(server);
        foreach (string what in (string[])["birth", "name"])
        {
            var keys = new DicomDataSet { { DicomTags.QueryRetrieveLevel, "STUDY" }, { DicomTags.PatientID, what } };
            // Not a date: so it comes in as it is.
            keys.Set(DicomElement.Create(DicomTags.PatientBirthDate, DicomVR.DA, "19991231-"));
            FindOperation find = association.FindAsync(Queries.Find, keys);
            try
            {
                await foreach (DicomDataSet _ in find)
                    Assert.Fail("no match is expected");
            }
            catch (DicomException)
            {
            }

            Assert.True(find.Status?.IsFailure);
        }

        Assert.Contains(log.Lines, line => line.Contains("PatientBirthDate", StringComparison.Ordinal) && line.Contains("cannot be read", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Lines, line => line.Contains("19991231", StringComparison.Ordinal) || line.Contains("ren", StringComparison.Ordinal) && line.Contains('\u65e5'));
    }
}
