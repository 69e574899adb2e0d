using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace NetDicom.Interop.Tests.Support;

/// <summary>What the recorder does when it has read the A-ASSOCIATE-RQ.</summary>
internal enum AfterRequest
{
    StaySilent,
    AcceptAndStaySilent,
    Reject,
}

/// <summary>An A-ASSOCIATE-RQ as it came, taken apart by hand after PS3.8 section 9.3.2 and annex D, and PS3.7 annex D.3.3.</summary>
internal sealed class RecordedRequest
{
    private readonly byte[] _body;
    private readonly byte[][] _roles = [];

    public RecordedRequest(byte[] body)
    {
        _body = body;
        // The fixed part has 68 bytes: version 2, reserved 2, titles 16 each, reserved 32.
        foreach ((byte type, ReadOnlyMemory<byte> value) in Items(body.AsMemory(68)))
        {
            if (type == 0x20)
            {
                Contexts.Add((value.Span[0], [.. Items(value[4..]).Where(i => i.Type == 0x40).Select(i => Text(i.Value))]));
                AbstractSyntaxes.Add(Text(Items(value[4..]).First(i => i.Type == 0x30).Value));
            }
            else if (type == 0x50)
            {
                UserItems = Items(value).Where(i => i.Type is not (0x54 or 0x56 or 0x57)).ToDictionary(i => i.Type, i => i.Value.ToArray());
                _roles = [.. Items(value).Where(i => i.Type == 0x54).Select(i => i.Value.ToArray())];
                // PS3.7 annex D.3.3.5: length and UID of the class, then its bytes.
                foreach (ReadOnlyMemory<byte> item in Items(value).Where(i => i.Type == 0x56).Select(i => i.Value))
                {
                    int uid = BinaryPrimitives.ReadUInt16BigEndian(item.Span);
                    Extended[Text(item.Slice(2, uid))] = item[(2 + uid)..].ToArray();
                }
            }
        }
    }

    public string CalledTitle => Encoding.ASCII.GetString(_body, 4, 16).Trim();

    public string CallingTitle => Encoding.ASCII.GetString(_body, 20, 16).Trim();

    /// <summary>Context ID and transfer syntaxes.</summary>
    public List<(byte Id, string[] Syntaxes)> Contexts { get; } = [];

    public List<string> AbstractSyntaxes { get; } = [];

    /// <summary>Service-class-application-information by SOP class.</summary>
    public Dictionary<string, byte[]> Extended { get; } = [];

    /// <summary>The sub-items of the user information by type, but those that may come often: role selection and extended negotiation.</summary>
    public Dictionary<byte, byte[]> UserItems { get; private set; } = [];

    /// <summary>Server name of the TLS handshake.</summary>
    public string? ServerName { get; init; }

    /// <summary>Subject of the certificate that the caller showed.</summary>
    public string? ClientSubject { get; init; }

    public uint MaxPduLength => BinaryPrimitives.ReadUInt32BigEndian(UserItems[0x51]);

    /// <summary>Type, whether a response is asked for, primary and secondary field (PS3.7 table D.3-14).</summary>
    public (int Type, bool Response, string Primary, string Secondary) Identity
    {
        get
        {
            byte[] item = UserItems[0x58];
            int first = BinaryPrimitives.ReadUInt16BigEndian(item.AsSpan(2));
            return (item[0], item[1] == 1, Encoding.UTF8.GetString(item, 4, first), Encoding.UTF8.GetString(item.AsSpan(6 + first)));
        }
    }

    /// <summary>The A-ASSOCIATE-AC that takes every context with its first transfer syntax, and the roles as they are proposed.</summary>
    public byte[] Accept()
    {
        using var body = new MemoryStream();
        body.Write(_body, 0, 68);
        Item(body, 0x10, "1.2.840.10008.3.1.1.1"u8.ToArray());
        foreach ((byte id, string[] syntaxes) in Contexts)
            Item(body, 0x21, [id, 0, 0, 0, 0x40, 0, 0, (byte)syntaxes[0].Length, .. Encoding.ASCII.GetBytes(syntaxes[0])]);
        using var user = new MemoryStream();
        user.Write([0x51, 0, 0, 4, 0, 0, 0x40, 0, 0x52, 0, 0, 5, .. "1.2.3"u8]);
        foreach (byte[] role in _roles)
            Item(user, 0x54, role);
        Item(body, 0x50, user.ToArray());
        byte[] pdu = new byte[6 + body.Length];
        pdu[0] = 2;
        BinaryPrimitives.WriteUInt32BigEndian(pdu.AsSpan(2), (uint)body.Length);
        body.ToArray().CopyTo(pdu, 6);
        return pdu;
    }

    private static IEnumerable<(byte Type, ReadOnlyMemory<byte> Value)> Items(ReadOnlyMemory<byte> items)
    {
        while (items.Length >= 4)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(items.Span[2..]);
            yield return (items.Span[0], items.Slice(4, length));
            items = items[(4 + length)..];
        }
    }

    private static string Text(ReadOnlyMemory<byte> value) => Encoding.ASCII.GetString(value.Span).TrimEnd('\0');

    private static void Item(MemoryStream to, byte type, byte[] value)
    {
        byte[] head = [type, 0, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(2), (ushort)value.Length);
        to.Write(head);
        to.Write(value);
    }
}

/// <summary>A peer made of a socket and of bytes: it takes one connection, with TLS or without, reads the A-ASSOCIATE-RQ and does as it is told. None of our library is in it.</summary>
internal sealed class RequestRecorder : IDisposable
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(60);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new(s_longest);

    public RequestRecorder(AfterRequest then, TestCertificate? tls = null)
    {
        _listener.Start();
        Request = ServeAsync(then, tls);
    }

    public string Port => ((IPEndPoint)_listener.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Ends when the caller closes.</summary>
    public Task<RecordedRequest> Request { get; }

    public void Dispose()
    {
        _end.Cancel();
        _listener.Stop();
        _end.Dispose();
    }

    private async Task<RecordedRequest> ServeAsync(AfterRequest then, TestCertificate? tls)
    {
        using TcpClient client = await _listener.AcceptTcpClientAsync(_end.Token);
        string? name = null, subject = null;
        Stream stream = client.GetStream();
        if (tls is not null)
        {
            // A key made in memory cannot be used by the TLS of every system: through PKCS#12 it can.
            using X509Certificate2 pem = X509Certificate2.CreateFromPemFile(tls.Certificate, tls.Key);
            X509Certificate2 certificate = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
            var secure = new SslStream(stream);
            await secure.AuthenticateAsServerAsync((_, hello, _, _) =>
            {
                name = hello.ServerName;
                return ValueTask.FromResult(new SslServerAuthenticationOptions
                {
                    ServerCertificate = certificate,
                    ClientCertificateRequired = true,
#pragma warning disable CA5359 // Whoever comes is recorded; the test looks at the subject.
                    RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
                });
            }, null, _end.Token);
            subject = secure.RemoteCertificate?.Subject;
            stream = secure;
        }

        await using (stream)
        {
            byte[] head = new byte[6];
            await stream.ReadExactlyAsync(head, _end.Token);
            Assert.Equal(1, head[0]);
            byte[] body = new byte[BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(2))];
            await stream.ReadExactlyAsync(body, _end.Token);
            var request = new RecordedRequest(body) { ServerName = name, ClientSubject = subject };
            if (then == AfterRequest.AcceptAndStaySilent)
                await stream.WriteAsync(request.Accept(), _end.Token);
            else if (then == AfterRequest.Reject)
                await stream.WriteAsync((byte[])[3, 0, 0, 0, 0, 4, 0, 1, 1, 1], _end.Token);
            try
            {
                while (await stream.ReadAsync(new byte[65536], _end.Token) > 0)
                {
                }
            }
            catch (IOException)
            {
                // Reset instead of closed: the caller is gone.
            }

            return request;
        }
    }
}
