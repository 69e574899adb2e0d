namespace NetDicom.Protocol;

/// <summary>What the fields of a <see cref="UserIdentity"/> hold (PS3.7 annex D.3.3.7.1).</summary>
public enum UserIdentityType : byte
{
    /// <summary>A user name in UTF-8.</summary>
    UserName = 1,

    /// <summary>A user name in UTF-8, and a passcode in the secondary field.</summary>
    UserNameAndPasscode = 2,

    /// <summary>A Kerberos service ticket.</summary>
    KerberosServiceTicket = 3,

    /// <summary>A SAML assertion.</summary>
    SamlAssertion = 4,

    /// <summary>A JSON Web Token in compact form.</summary>
    JsonWebToken = 5,
}

/// <summary>User identity, sub-item 58H of an A-ASSOCIATE-RQ (PS3.7 annex D.3.3.7.1). The fields are secrets: <see cref="ToString"/> does not show them.</summary>
/// <remarks>Bytes: 5 type, 6 positive response requested, 7-8 length and primary field, 2 length and secondary field. An unknown type is kept as received.</remarks>
/// <param name="type">What the fields hold.</param>
/// <param name="positiveResponseRequested">Whether an acceptor that takes the identity is asked to say so (59H).</param>
/// <param name="primaryField">Name, ticket, assertion or token; 65,535 bytes at most.</param>
/// <param name="secondaryField">The passcode with <see cref="UserIdentityType.UserNameAndPasscode"/>; else empty.</param>
public sealed class UserIdentity(UserIdentityType type, bool positiveResponseRequested, ReadOnlyMemory<byte> primaryField, ReadOnlyMemory<byte> secondaryField = default)
{
    /// <summary>What the fields hold.</summary>
    public UserIdentityType Type { get; } = type;

    /// <summary>Whether an acceptor that takes the identity is asked to say so.</summary>
    public bool PositiveResponseRequested { get; } = positiveResponseRequested;

    /// <summary>Name, ticket, assertion or token.</summary>
    public ReadOnlyMemory<byte> PrimaryField { get; } = primaryField;

    /// <summary>The passcode with <see cref="UserIdentityType.UserNameAndPasscode"/>; else empty.</summary>
    public ReadOnlyMemory<byte> SecondaryField { get; } = secondaryField;

    /// <summary>The type only.</summary>
    public override string ToString() => $"user identity, type {Type}";

    internal void Write(ItemWriter items)
    {
        int at = items.Begin(ItemType.UserIdentity);
        items.WriteByte((byte)Type);
        items.WriteByte(PositiveResponseRequested ? (byte)1 : (byte)0);
        items.WriteField(PrimaryField.Span);
        items.WriteField(SecondaryField.Span);
        items.End(at);
    }

    internal static UserIdentity Read(ref ItemReader item)
    {
        var type = (UserIdentityType)item.TakeByte();
        bool responseRequested = item.TakeByte() == 1;
        byte[] primary = item.TakeField().ToArray();
        byte[] secondary = item.TakeField().ToArray();
        item.RequireEnd();
        return new UserIdentity(type, responseRequested, primary, secondary);
    }
}
