namespace NetDicom.Protocol;

/// <summary>User identity reply, sub-item 59H of an A-ASSOCIATE-AC (PS3.7 annex D.3.3.7.2): the identity was taken.</summary>
/// <param name="serverResponse">Kerberos server ticket or SAML response; else empty.</param>
public sealed class UserIdentityResponse(ReadOnlyMemory<byte> serverResponse)
{
    /// <summary>Kerberos server ticket or SAML response; else empty.</summary>
    public ReadOnlyMemory<byte> ServerResponse { get; } = serverResponse;

    /// <summary>Says how long the response is; it may be a secret.</summary>
    public override string ToString() => $"user identity reply, {ServerResponse.Length} bytes";

    internal void Write(ItemWriter items)
    {
        int at = items.Begin(ItemType.UserIdentityResponse);
        items.WriteField(ServerResponse.Span);
        items.End(at);
    }

    internal static UserIdentityResponse Read(ref ItemReader item)
    {
        byte[] response = item.TakeField().ToArray();
        item.RequireEnd();
        return new UserIdentityResponse(response);
    }
}
