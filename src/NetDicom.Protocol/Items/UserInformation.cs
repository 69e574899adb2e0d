using System.Buffers.Binary;

namespace NetDicom.Protocol;

/// <summary>The user information item, 50H (PS3.8 section 9.3.2.3, PS3.7 annex D.3.3). Written with its sub-items in ascending order of type.</summary>
/// <remarks>
/// As received: sub-items may come in any order, unknown ones are ignored, and where one that may occur once occurs twice, the first counts.
/// A sub-item whose length does not fit its fields is a <see cref="PduViolationException"/>.
/// </remarks>
public sealed class UserInformation
{
    /// <summary>No sub-items at all.</summary>
    public static UserInformation Empty { get; } = new();

    /// <summary>Maximum length (51H): longest P-DATA-TF body, in bytes, that the sender of this item will receive; 0 for no limit, null where the item is missing.</summary>
    public uint? MaximumLength { get; init; }

    /// <summary>Implementation class UID (52H); none where it is missing or not a UID.</summary>
    public DicomUid ImplementationClassUid { get; init; }

    /// <summary>Implementation version name (55H), 1 to 16 characters; null where it is missing or blank.</summary>
    public string? ImplementationVersionName { get; init; }

    /// <summary>Asynchronous operations window (53H); null where it is missing, which means one at a time.</summary>
    public AsynchronousOperationsWindow? AsynchronousOperationsWindow { get; init; }

    /// <summary>SCP/SCU role selections (54H), at most one for each SOP class.</summary>
    public IReadOnlyList<RoleSelection> RoleSelections { get; init; } = [];

    /// <summary>SOP class extended negotiations (56H), at most one for each SOP class.</summary>
    public IReadOnlyList<SopClassExtendedNegotiation> SopClassExtendedNegotiations { get; init; } = [];

    /// <summary>SOP class common extended negotiations (57H), at most one for each SOP class; in requests only.</summary>
    public IReadOnlyList<SopClassCommonExtendedNegotiation> SopClassCommonExtendedNegotiations { get; init; } = [];

    /// <summary>User identity (58H); in requests only.</summary>
    public UserIdentity? UserIdentity { get; init; }

    /// <summary>User identity reply (59H); in answers only, and only where one was asked for.</summary>
    public UserIdentityResponse? UserIdentityResponse { get; init; }

    internal void Write(ItemWriter items)
    {
        if (MaximumLength is { } maximum)
        {
            int at = items.Begin(ItemType.MaximumLength);
            items.WriteUInt32(maximum);
            items.End(at);
        }

        if (!ImplementationClassUid.IsNone)
            items.WriteUidItem(ItemType.ImplementationClassUid, ImplementationClassUid);
        if (AsynchronousOperationsWindow is { } window)
        {
            int at = items.Begin(ItemType.AsynchronousOperationsWindow);
            items.WriteUInt16(window.Invoked);
            items.WriteUInt16(window.Performed);
            items.End(at);
        }

        foreach (RoleSelection role in RoleSelections)
            role.Write(items);
        if (ImplementationVersionName is { Length: > 0 } name)
        {
            int at = items.Begin(ItemType.ImplementationVersionName);
            items.WriteName(name);
            items.End(at);
        }

        foreach (SopClassExtendedNegotiation negotiation in SopClassExtendedNegotiations)
            negotiation.Write(items);
        foreach (SopClassCommonExtendedNegotiation negotiation in SopClassCommonExtendedNegotiations)
            negotiation.Write(items);
        UserIdentity?.Write(items);
        UserIdentityResponse?.Write(items);
    }

    internal static UserInformation Read(ItemReader items, PduLimits limits)
    {
        uint? maximumLength = null;
        DicomUid? implementationClass = null;
        string? versionName = null;
        AsynchronousOperationsWindow? window = null;
        List<RoleSelection>? roles = null;
        List<SopClassExtendedNegotiation>? extended = null;
        List<SopClassCommonExtendedNegotiation>? common = null;
        UserIdentity? identity = null;
        UserIdentityResponse? response = null;
        int count = 0;
        while (items.Read())
        {
            if (++count > limits.MaxUserItems)
                throw new PduViolationException(AbortReason.InvalidPduParameterValue, $"more than {limits.MaxUserItems} user information sub-items", items.Offset);
            switch (items.Type)
            {
                case ItemType.MaximumLength:
                    items.RequireLength(4);
                    maximumLength ??= BinaryPrimitives.ReadUInt32BigEndian(items.Value);
                    break;
                case ItemType.ImplementationClassUid:
                    implementationClass ??= items.ReadUid();
                    break;
                case ItemType.AsynchronousOperationsWindow:
                    items.RequireLength(4);
                    window ??= new AsynchronousOperationsWindow(items.TakeUInt16(), items.TakeUInt16());
                    break;
                case ItemType.RoleSelection:
                    (roles ??= []).Add(RoleSelection.Read(ref items));
                    break;
                case ItemType.ImplementationVersionName:
                    versionName ??= items.ReadText();
                    break;
                case ItemType.SopClassExtendedNegotiation:
                    (extended ??= []).Add(SopClassExtendedNegotiation.Read(ref items));
                    break;
                case ItemType.SopClassCommonExtendedNegotiation:
                    (common ??= []).Add(SopClassCommonExtendedNegotiation.Read(ref items));
                    break;
                case ItemType.UserIdentity:
                    UserIdentity readIdentity = UserIdentity.Read(ref items);
                    identity ??= readIdentity;
                    break;
                case ItemType.UserIdentityResponse:
                    UserIdentityResponse readResponse = UserIdentityResponse.Read(ref items);
                    response ??= readResponse;
                    break;
            }
        }

        return new UserInformation
        {
            MaximumLength = maximumLength,
            ImplementationClassUid = implementationClass ?? default,
            ImplementationVersionName = string.IsNullOrEmpty(versionName) ? null : versionName,
            AsynchronousOperationsWindow = window,
            RoleSelections = roles ?? [],
            SopClassExtendedNegotiations = extended ?? [],
            SopClassCommonExtendedNegotiations = common ?? [],
            UserIdentity = identity,
            UserIdentityResponse = response,
        };
    }
}
