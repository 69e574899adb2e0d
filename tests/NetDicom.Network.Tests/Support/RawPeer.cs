using System.Buffers;
using System.Net;
using System.Net.Sockets;
using NetDicom.Protocol;

namespace NetDicom.Network.Tests.Support;

/// <summary>A peer that says what a test tells it to, byte by byte.</summary>
internal sealed class RawPeer : IDisposable
{
    /// <summary>How long a test waits for what must happen. It costs nothing where it happens, and a busy machine needs it now and then.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Socket _socket;
    private readonly List<byte> _received = [];

    private RawPeer(Socket socket)
    {
        _socket = socket;
        socket.NoDelay = true;
    }

    public static async Task<RawPeer> ConnectAsync(int port)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return new RawPeer(socket);
    }

    public static (Socket Listener, int Port) Listen()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        return (listener, ((IPEndPoint)listener.LocalEndPoint!).Port);
    }

    public static async Task<RawPeer> AcceptAsync(Socket listener) => new(await listener.AcceptAsync().WaitAsync(Patience));

    public Task SendAsync(params byte[] bytes) => _socket.SendAsync(bytes).WaitAsync(Patience);

    public Task SendAsync(Pdu pdu) => SendAsync(RawMessages.Of(pdu));

    /// <summary>A message of one command PDU, and one data PDU if there is a data set.</summary>
    public Task SendAsync(byte contextId, DimseMessage message, byte[]? dataSet = null)
    {
        var bytes = new ArrayBufferWriter<byte>();
        PdvFragmenter.WriteCommand(bytes, message, contextId, 16_378);
        if (dataSet is not null)
            PdvFragmenter.Write(bytes, dataSet, contextId, isCommand: false, 16_378);
        return SendAsync(bytes.WrittenSpan.ToArray());
    }

    /// <summary>The next PDU: type and body.</summary>
    public async Task<(PduType Type, byte[] Body)> ReadPduAsync()
    {
        await FillAsync(6);
        int length = _received[2] << 24 | _received[3] << 16 | _received[4] << 8 | _received[5];
        await FillAsync(6 + length);
        var pdu = ((PduType)_received[0], _received.GetRange(6, length).ToArray());
        _received.RemoveRange(0, 6 + length);
        return pdu;
    }

    public async Task<byte[]> ExpectAsync(PduType type)
    {
        (PduType got, byte[] body) = await ReadPduAsync();
        Assert.Equal(type, got);
        return body;
    }

    /// <summary>The A-ABORT that must come next: source and reason.</summary>
    public async Task<(AbortSource Source, AbortReason Reason)> ExpectAbortAsync()
    {
        byte[] body = await ExpectAsync(PduType.AAbort);
        return ((AbortSource)body[2], (AbortReason)body[3]);
    }

    /// <summary>The command set of the next P-DATA-TF.</summary>
    public async Task<CommandSet> ReadCommandAsync()
    {
        byte[] body = await ExpectAsync(PduType.PDataTF);
        Assert.Equal(3, body[5]);
        return CommandSet.Decode(new ReadOnlySequence<byte>(body, 6, body.Length - 6));
    }

    /// <summary>The next message: its command set, and its data set if it has one.</summary>
    public async Task<(CommandSet Command, byte[]? DataSet)> ReadMessageAsync()
    {
        CommandSet command = await ReadCommandAsync();
        if (!command.HasDataSet)
            return (command, null);
        var dataSet = new List<byte>();
        byte[] body;
        do
        {
            body = await ExpectAsync(PduType.PDataTF);
            Assert.Equal(0, body[5] & 1);
            dataSet.AddRange(body[6..]);
        }
        while ((body[5] & 2) == 0);
        return (command, [.. dataSet]);
    }

    /// <summary>Waits until the other side has closed.</summary>
    public async Task ExpectCloseAsync()
    {
        byte[] buffer = new byte[256];
        try
        {
            while (await _socket.ReceiveAsync(buffer).WaitAsync(Patience) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // A reset is a close too.
        }
    }

    /// <summary>Completes when the other side has closed the connection, and not only its own direction: what is sent is answered with a reset.</summary>
    public async Task WhenResetAsync()
    {
        var patience = System.Diagnostics.Stopwatch.StartNew();
        try
        {
            while (patience.Elapsed < Patience)
            {
                // In Sta13 whatever comes is passed over (AA-6).
                await SendAsync(4, 0, 0, 0, 0, 6, 0, 0, 0, 2, 1, 2);
                await Task.Yield();
            }
        }
        catch (SocketException)
        {
            return;
        }

        Assert.Fail("the connection is open still");
    }

    /// <summary>Everything that still comes until the other side closes; a reset is a close too.</summary>
    public async Task<byte[]> ReadToEndAsync()
    {
        byte[] buffer = new byte[4096];
        try
        {
            while (await _socket.ReceiveAsync(buffer).WaitAsync(Patience) is > 0 and int read)
                _received.AddRange(buffer.AsSpan(0, read));
        }
        catch (SocketException)
        {
        }

        return [.. _received];
    }

    /// <summary>Takes some bytes of whatever kind.</summary>
    public async Task ReceiveSomeAsync() => Assert.True(await _socket.ReceiveAsync(new byte[4096]).WaitAsync(Patience) > 0);

    public void CloseSending() => _socket.Shutdown(SocketShutdown.Send);

    public void Dispose() => _socket.Dispose();

    public static AAssociateRQ Request(string called = "TEST", string calling = "RAW", params (DicomUid Abstract, DicomUid Transfer)[] contexts)
    {
        if (contexts.Length == 0)
            contexts = [(SopClasses.Verification, TransferSyntax.ImplicitVRLittleEndian.Uid), (SopClasses.CTImageStorage, TransferSyntax.ExplicitVRLittleEndian.Uid)];
        return Negotiation.BuildRequest(
            AETitle.Parse(called),
            AETitle.Parse(calling),
            [.. contexts.Select(context => new PresentationContext(context.Abstract, [context.Transfer]))],
            new UserInformation { MaximumLength = 16_384, ImplementationClassUid = new DicomUid("1.2.3") });
    }

    /// <summary>Connects and asks for an association with Verification on context 1 and CT on context 3; answers when it is accepted.</summary>
    public static async Task<RawPeer> AssociateAsync(int port)
    {
        RawPeer peer = await ConnectAsync(port);
        await peer.SendAsync(Request());
        await peer.ExpectAsync(PduType.AAssociateAC);
        return peer;
    }

    /// <summary>The next PDU, an A-ASSOCIATE-RQ or A-ASSOCIATE-AC.</summary>
    public async Task<AAssociatePdu> ReadAssociateAsync(PduType type)
    {
        byte[] body = await ExpectAsync(type);
        byte[] whole = [(byte)type, 0, (byte)(body.Length >> 24), (byte)(body.Length >> 16), (byte)(body.Length >> 8), (byte)body.Length, .. body];
        var sequence = new ReadOnlySequence<byte>(whole);
        var reader = new PduReader();
        Assert.Equal(PduToken.Pdu, reader.Read(ref sequence));
        return (AAssociatePdu)reader.Pdu;
    }

    /// <summary>As an acceptor: takes the request and accepts every context with its first transfer syntax.</summary>
    public async Task AcceptAssociationAsync(uint maximumLength = 16_384, AsynchronousOperationsWindow? window = null, RoleSelection[]? roles = null)
    {
        AAssociateRQ request = (AAssociateRQ)await ReadAssociateAsync(PduType.AAssociateRQ);
        await SendAsync(AAssociateAC.To(
            request,
            [.. request.PresentationContexts.Select(context => new PresentationContextResultItem(context.Id, PresentationContextResult.Acceptance, context.TransferSyntaxes[0]))],
            new UserInformation { MaximumLength = maximumLength, ImplementationClassUid = new DicomUid("1.2.3"), AsynchronousOperationsWindow = window, RoleSelections = roles ?? [] }));
    }

    /// <summary>Answers a request of <paramref name="entity"/>, so that the peer is its acceptor.</summary>
    public static async Task<(Association Association, RawPeer Peer)> AnswerAsync(ApplicationEntity entity, AssociationOptions? options = null, uint maximumLength = 16_384)
    {
        (Socket listener, int port) = Listen();
        using (listener)
        {
            Task<Association> asking = entity.AssociateAsync("127.0.0.1", port, options);
            RawPeer peer = await AcceptAsync(listener);
            await peer.AcceptAssociationAsync(maximumLength);
            return (await asking.WaitAsync(Patience), peer);
        }
    }

    /// <summary>True when the other side has stopped reading: what was sent fills all buffers, and none of it is taken for a second.</summary>
    public bool IsStuck() => !_socket.Poll(1_000_000, SelectMode.SelectWrite);

    /// <summary>True when the system takes nothing more to send: the other side has stopped reading for a while.</summary>
    public bool IsFull() => !_socket.Poll(500_000, SelectMode.SelectWrite);

    /// <summary>Sends as much as the system takes without waiting; answers how much that was.</summary>
    public int SendSome(byte[] bytes)
    {
        _socket.Blocking = false;
        int sent = _socket.Send(bytes, SocketFlags.None, out SocketError error);
        return error == SocketError.WouldBlock ? 0 : sent;
    }

    /// <summary>Whether bytes have come that were not asked for yet.</summary>
    public bool HasMore => _received.Count > 0 || _socket.Available > 0;

    /// <summary>Takes a C-STORE-RQ with its data set; answers its Message ID.</summary>
    public async Task<ushort> ReadStoreAsync()
    {
        CommandSet command = await ReadCommandAsync();
        Assert.Equal(CommandField.CStoreRequest, command.Command);
        while (((await ExpectAsync(PduType.PDataTF))[5] & 2) == 0)
        {
        }

        return command.MessageId;
    }

    private async Task FillAsync(int count)
    {
        byte[] buffer = new byte[65_536];
        while (_received.Count < count)
        {
            int read = await _socket.ReceiveAsync(buffer).WaitAsync(Patience);
            Assert.True(read > 0, $"the connection was closed after {_received.Count} bytes of a PDU");
            _received.AddRange(buffer.AsSpan(0, read));
        }
    }
}

internal static class RawMessages
{
    /// <summary>The bytes of a message without its data set.</summary>
    public static byte[] Of(byte contextId, DimseMessage message)
    {
        var bytes = new ArrayBufferWriter<byte>();
        PdvFragmenter.WriteCommand(bytes, message, contextId, 16_378);
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>The bytes of a PDU.</summary>
    public static byte[] Of(Pdu pdu)
    {
        var bytes = new ArrayBufferWriter<byte>();
        pdu.Write(bytes);
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>A P-DATA-TF with one PDV of a data set.</summary>
    public static byte[] Data(byte contextId, byte[] fragment, bool isLast = true)
    {
        byte[] pdu = new byte[PDataWriter.PDataHeaderLength + fragment.Length];
        PDataWriter.WritePDataHeader(pdu, (uint)fragment.Length, contextId, isCommand: false, isLast);
        fragment.CopyTo(pdu, PDataWriter.PDataHeaderLength);
        return pdu;
    }

    /// <summary>The bytes of a C-STORE-RQ whose Affected SOP Instance UID is any text: what our own writer refuses to write.</summary>
    public static byte[] WithInstanceUid(this CStoreRequest request, string text)
    {
        var bytes = new ArrayBufferWriter<byte>();
        request.Write(bytes);
        List<byte> command = [.. bytes.WrittenSpan];
        int element = command.Count - 8 - 6; // (0000,1000) UI "9.9.9" NUL is the last element
        Assert.Equal([0x00, 0x00, 0x00, 0x10, 6, 0, 0, 0], command.GetRange(element, 8));
        command.RemoveRange(element, 14);
        string padded = text.Length % 2 == 0 ? text : text + "\0";
        command.AddRange([0x00, 0x00, 0x00, 0x10, (byte)padded.Length, 0, 0, 0, .. System.Text.Encoding.ASCII.GetBytes(padded)]);
        int length = command.Count - 12;
        command[8] = (byte)length;
        command[9] = (byte)(length >> 8);
        byte[] pdu = new byte[12 + command.Count];
        PDataWriter.WritePDataHeader(pdu, (uint)command.Count, 3, isCommand: true, isLast: true);
        command.CopyTo(pdu, 12);
        return pdu;
    }
}
