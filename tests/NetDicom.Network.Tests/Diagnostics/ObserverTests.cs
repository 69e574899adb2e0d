using System.Collections.Concurrent;
using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;

namespace NetDicom.Network.Tests.Diagnostics;

public class ObserverTests
{
    [Fact]
    public async Task Both_ends_of_an_association_tell_its_course_with_all_17_kinds_of_events()
    {
        var acceptor = new Recorder();
        var requestor = new Recorder();
        await using (DicomServer server = await new ApplicationEntity("SCP").WithVerification().StartServerAsync(0, new DicomServerOptions { Observer = acceptor, RequireCalledAETitle = true }))
        {
            ApplicationEntity scu = new ApplicationEntity("SCU").WithRequested(SopClasses.Verification);
            Association association = await scu.AssociateAsync("127.0.0.1", server.Port, new AssociationOptions { CalledAETitle = "SCP", Observer = requestor });
            await association.EchoAsync();
            await association.ReleaseAsync();
            await Assert.ThrowsAsync<AssociationRejectedException>(() =>
                scu.AssociateAsync("127.0.0.1", server.Port, new AssociationOptions { CalledAETitle = "OTHER", Observer = requestor }));
            association = await scu.AssociateAsync("127.0.0.1", server.Port, new AssociationOptions { CalledAETitle = "SCP", Observer = requestor });
            await association.AbortAsync();
            await association.Completion;
        }

        string[] kinds =
        [
            "Aborted", "Accepted", "AcseReceived", "AcseSent", "ConnectionClosed", "ConnectionOpened", "DataReceived", "DataSent", "DimseReceived", "DimseSent",
            "Established", "PduReceived", "PduSent", "Rejected", "Released", "Requested", "StateChanged",
        ];
        Assert.Equal(kinds, requestor.Lines.Select(KindOf).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(kinds, acceptor.Lines.Select(KindOf).Distinct().Order(StringComparer.Ordinal));
        string first = requestor.Lines.First().Split(' ')[0];
        Assert.Equal(
            [
                "ConnectionOpened Requestor", "Requested SCP", "PduSent AAssociateRQ", "AcseSent AAssociateRQ", "PduReceived AAssociateAC", "AcseReceived AAssociateAC", "Accepted 1",
                "Established True", "DimseSent CEchoRequest", "PduSent PDataTF", "PduReceived PDataTF", "DimseReceived CEchoResponse", "PduSent AReleaseRQ", "AcseSent AReleaseRQ",
                "PduReceived AReleaseRP", "AcseReceived AReleaseRP", "ConnectionClosed ", "Released ",
            ],
            requestor.Lines.Where(line => line.StartsWith(first + " ", StringComparison.Ordinal) && !line.Contains("Data ", StringComparison.Ordinal)
                && KindOf(line) is not ("StateChanged" or "DataReceived" or "DataSent")).Select(line => line[(first.Length + 1)..]));
        Assert.Contains(requestor.Lines, line => line == $"{first} StateChanged Sta5 Evt3 AE3 Sta6");
    }

    [Fact]
    public async Task What_an_observer_throws_changes_nothing_and_is_logged()
    {
        using var log = new ListLog();
        await using DicomServer server = await new ApplicationEntity("SCP").WithVerification().StartServerAsync(0, new DicomServerOptions { Observer = new Thrower(), LoggerFactory = log });
        await using Association association = await new ApplicationEntity("SCU").WithRequested(SopClasses.Verification)
            .AssociateAsync("127.0.0.1", server.Port, new AssociationOptions { Observer = new Thrower() });
        Assert.Equal(DimseStatus.Success, await association.EchoAsync());
        await association.ReleaseAsync();
        Assert.Contains(log.Lines, line => line.Contains("an observer failed", StringComparison.Ordinal));
    }

    private static string KindOf(string line) => line.Split(' ')[1];

    private sealed class Recorder : AssociationObserver
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public IReadOnlyCollection<string> Lines => _lines;

        public override void ConnectionOpened(ObservedAssociation at) => Add(at, $"ConnectionOpened {at.Role}");

        public override void ConnectionClosed(ObservedAssociation at) => Add(at, "ConnectionClosed ");

        public override void DataReceived(ObservedAssociation at, ReadOnlySpan<byte> bytes) => Add(at, $"DataReceived {bytes.Length}");

        public override void DataSent(ObservedAssociation at, ReadOnlySpan<byte> bytes) => Add(at, $"DataSent {bytes.Length}");

        public override void PduReceived(ObservedAssociation at, PduType type, Pdu? pdu) => Add(at, $"PduReceived {type}");

        public override void PduSent(ObservedAssociation at, PduType type, Pdu? pdu) => Add(at, $"PduSent {type}");

        public override void StateChanged(ObservedAssociation at, UlState before, UlEvent upperLayerEvent, UlAction action, UlState after) =>
            Add(at, $"StateChanged {before} {upperLayerEvent} {action} {after}");

        public override void AcseReceived(ObservedAssociation at, Pdu pdu) => Add(at, $"AcseReceived {pdu.Type}");

        public override void AcseSent(ObservedAssociation at, Pdu pdu) => Add(at, $"AcseSent {pdu.Type}");

        public override void DimseReceived(ObservedAssociation at, CommandSet command, NegotiatedContext context) => Add(at, $"DimseReceived {command.Command}");

        public override void DimseSent(ObservedAssociation at, DimseMessage message, byte contextId) => Add(at, $"DimseSent {message.Command}");

        public override void Requested(ObservedAssociation at, AAssociateRQ request) => Add(at, $"Requested {request.CalledAETitle}");

        public override void Accepted(ObservedAssociation at, AAssociateAC answer) => Add(at, $"Accepted {answer.PresentationContexts.Count}");

        public override void Rejected(ObservedAssociation at, AAssociateRJ rejection) => Add(at, $"Rejected {rejection.Reason}");

        public override void Established(ObservedAssociation at) => Add(at, $"Established {at.Association is not null}");

        public override void Released(ObservedAssociation at) => Add(at, "Released ");

        public override void Aborted(ObservedAssociation at, AssociationEnd associationEnd) => Add(at, $"Aborted {associationEnd.Kind}");

        private void Add(ObservedAssociation at, string line) => _lines.Enqueue($"{at.Id} {line}");
    }

    private sealed class Thrower : AssociationObserver
    {
        public override void ConnectionOpened(ObservedAssociation at) => throw new InvalidOperationException();

        public override void DataReceived(ObservedAssociation at, ReadOnlySpan<byte> bytes) => throw new InvalidOperationException();

        public override void StateChanged(ObservedAssociation at, UlState before, UlEvent upperLayerEvent, UlAction action, UlState after) => throw new InvalidOperationException();

        public override void DimseReceived(ObservedAssociation at, CommandSet command, NegotiatedContext context) => throw new InvalidOperationException();

        public override void Established(ObservedAssociation at) => throw new InvalidOperationException();
    }
}
