using System.Buffers;
using System.Buffers.Binary;

namespace NetDicom.Protocol;

/// <summary>What A-ASSOCIATE-RQ and A-ASSOCIATE-AC have in common: 68 fixed bytes, then items (PS3.8 sections 9.3.2 and 9.3.3).</summary>
/// <remarks>
/// <code>
/// byte   1     type                 9-10   reserved
///        2     reserved             11-26  called AE title (AC: the bytes of the RQ)
///        3-6   PDU length           27-42  calling AE title (AC: the bytes of the RQ)
///        7-8   protocol version     43-74  reserved (AC: the bytes of the RQ)
///                                   75-    application context, presentation contexts, user information
/// </code>
/// </remarks>
public abstract class AAssociatePdu : Pdu
{
    /// <summary>The only application context there is (PS3.7 annex A.2.1).</summary>
    public const string DicomApplicationContextName = "1.2.840.10008.3.1.1.1";

    /// <summary>The part of the body before the items, in bytes.</summary>
    internal const int FixedLength = 68;

    private const int ReservedFieldLength = 32;

    private protected AAssociatePdu()
    {
    }

    /// <summary>Bit 0 says version 1, the only one; other bits are for later versions and are not tested (PS3.8 section 9.3.2). Written as given; 1 unless set.</summary>
    public ushort ProtocolVersion { get; init; } = 1;

    /// <summary>Whether bit 0 of <see cref="ProtocolVersion"/> is set.</summary>
    public bool SupportsVersion1 => (ProtocolVersion & 1) != 0;

    /// <summary>The title of the acceptor; none if sixteen spaces or anything that is not a title was received.</summary>
    public AETitle CalledAETitle { get; init; }

    /// <summary>The title of the requestor; none if sixteen spaces or anything that is not a title was received.</summary>
    public AETitle CallingAETitle { get; init; }

    /// <summary>The 16 bytes of the called AE title as received; empty on a PDU made here, which is then written from <see cref="CalledAETitle"/>.</summary>
    public ReadOnlyMemory<byte> CalledAETitleField { get; init; }

    /// <summary>The 16 bytes of the calling AE title as received; empty on a PDU made here, which is then written from <see cref="CallingAETitle"/>.</summary>
    public ReadOnlyMemory<byte> CallingAETitleField { get; init; }

    /// <summary>The 32 reserved bytes 43 to 74 as received, which an A-ASSOCIATE-AC sends back; empty means zeros.</summary>
    public ReadOnlyMemory<byte> ReservedField { get; init; }

    /// <summary>The application context name; empty if the peer sent none.</summary>
    public string ApplicationContextName { get; init; } = DicomApplicationContextName;

    /// <summary>The user information item; an empty one if the peer sent none.</summary>
    public UserInformation UserInformation { get; init; } = UserInformation.Empty;

    /// <summary>
    /// Pads UIDs with one NUL and the version name with one space where their length is odd, for a peer that takes even items only. The standard wants none
    /// (PS3.8 annex F), and other peers may take the NUL for a part of the UID. Default false.
    /// </summary>
    public bool EvenItems { get; set; }

    /// <inheritdoc/>
    public override void Write(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var items = new ItemWriter { EvenItems = EvenItems };
        Span<byte> body = items.GetSpan(HeaderLength + FixedLength);
        body.Clear();
        body[0] = (byte)Type;
        body = body[HeaderLength..];
        BinaryPrimitives.WriteUInt16BigEndian(body, ProtocolVersion);
        WriteTitle(body.Slice(4, AETitle.MaxLength), CalledAETitleField, CalledAETitle, nameof(CalledAETitle));
        WriteTitle(body.Slice(20, AETitle.MaxLength), CallingAETitleField, CallingAETitle, nameof(CallingAETitle));
        if (ReservedField.Length == ReservedFieldLength)
            ReservedField.Span.CopyTo(body[36..]);

        int item = items.Begin(ItemType.ApplicationContext);
        items.WriteUid(ApplicationContextName);
        items.End(item);
        WritePresentationContexts(items);
        item = items.Begin(ItemType.UserInformation);
        UserInformation.Write(items);
        items.End(item);
        BinaryPrimitives.WriteUInt32BigEndian(items.Written[2..], (uint)(items.Written.Length - HeaderLength));
        output.Write(items.Written);
    }

    /// <summary>Writes the 20H or 21H items.</summary>
    private protected abstract void WritePresentationContexts(ItemWriter items);

    /// <summary>The fixed part and the items both PDUs know, read from a body.</summary>
    private protected ref struct Parts
    {
        public ushort ProtocolVersion;
        public ReadOnlyMemory<byte> CalledField, CallingField, ReservedField;
        public AETitle Called, Calling;
        public string? ApplicationContextName;
        public UserInformation? UserInformation;

        /// <summary>Reads the 68 fixed bytes.</summary>
        public Parts(ReadOnlySpan<byte> body)
        {
            // The reader has refused anything shorter by its header already; a caller inside the assembly could not know.
            if (body.Length < FixedLength)
                throw new PduViolationException(AbortReason.InvalidPduParameterValue, $"an A-ASSOCIATE PDU of {body.Length} bytes lacks its fixed part of {FixedLength} (PS3.8 9.3.2)");
            ProtocolVersion = BinaryPrimitives.ReadUInt16BigEndian(body);
            byte[] kept = body.Slice(4, (2 * AETitle.MaxLength) + ReservedFieldLength).ToArray();
            CalledField = kept.AsMemory(0, AETitle.MaxLength);
            CallingField = kept.AsMemory(AETitle.MaxLength, AETitle.MaxLength);
            ReservedField = kept.AsMemory(2 * AETitle.MaxLength);
            Called = AETitle.TryParse(CalledField.Span, out AETitle called) ? called : default;
            Calling = AETitle.TryParse(CallingField.Span, out AETitle calling) ? calling : default;
        }

        /// <summary>Takes the item at hand if it is the application context or the user information; others are the caller's.</summary>
        public bool TryTake(scoped ref ItemReader items, PduLimits limits)
        {
            switch (items.Type)
            {
                case ItemType.ApplicationContext when ApplicationContextName is null:
                    ApplicationContextName = items.ReadText();
                    return true;
                case ItemType.UserInformation when UserInformation is null:
                    UserInformation = NetDicom.Protocol.UserInformation.Read(items.Nested(), limits);
                    return true;
                case ItemType.ApplicationContext or ItemType.UserInformation:
                    throw new PduViolationException(AbortReason.UnexpectedPduParameter, $"a second item {(byte)items.Type:X2}H where one is allowed (PS3.8 9.3.2)", items.Offset);
                default:
                    return false;
            }
        }
    }

    private void WriteTitle(Span<byte> field, ReadOnlyMemory<byte> asReceived, AETitle title, string name)
    {
        if (asReceived.Length == field.Length)
        {
            asReceived.Span.CopyTo(field);
            return;
        }

        // Sixteen spaces mean "no name" and must not be sent in a request (PS3.8 9.3.2); the titles of an AC are not tested by anyone.
        if (title.IsNone && Type == PduType.AAssociateRQ)
            throw new InvalidOperationException($"an A-ASSOCIATE-RQ needs a {name} (PS3.8 9.3.2)");
        // A constant, not Fill: vector code would have to be compiled at each start of a tool.
        "                "u8.CopyTo(field);
        System.Text.Encoding.ASCII.GetBytes(title.ToString(), field);
    }
}
