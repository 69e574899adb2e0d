using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>
/// What is done otherwise for a peer that does not keep to the standard. Everything here is off unless asked for; what is taken from every peer without asking
/// is listed in docs/quirks.md.
/// </summary>
public sealed record PeerQuirks
{
    /// <summary>Nothing out of the ordinary.</summary>
    public static PeerQuirks None { get; } = new();

    /// <summary>Neither propose an asynchronous operations window (53H), whatever the options say, nor answer one.</summary>
    public bool NoAsynchronousWindow { get; init; }

    /// <summary>Pad UIDs in the items of A-ASSOCIATE with one NUL, and the version name with one space, where their length is odd.</summary>
    public bool EvenItems { get; init; }

    /// <summary>How PDUs are put together and written. Default <see cref="PduGrouping.Gathered"/>.</summary>
    public PduGrouping Grouping { get; init; }

    /// <summary>Longest P-DATA-TF body that is sent, in bytes, 8 at least, even where the peer's maximum length says more. Default 0: what the peer says.</summary>
    /// <exception cref="ArgumentOutOfRangeException">1 to 7: not one byte pair would fit.</exception>
    public uint MaxPduLength
    {
        get;
        init => field = PDataWriter.IsUsableMaximumLength(value) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "0, or 8 at least");
    }

    /// <summary>
    /// Requestor: take the roles it proposes for agreed to where the peer answers no role selection (54H). Acceptor: take the roles of the supported contexts for
    /// proposed where the peer proposes none. For C-GET and storage commitment with peers that change roles without a word.
    /// </summary>
    public bool AssumeRoles { get; init; }

    /// <summary>Requestor: read an answer of (0,0) to proposed roles of (1,1) as the default roles, not as a refusal of both.</summary>
    public bool RefusalMeansDefault { get; init; }

    /// <summary>Acceptor: take presentation contexts with an even id other than 0.</summary>
    public bool EvenContextIds { get; init; }

    /// <summary>Acceptor: where only the server's own title may be called, take it in other capitals and small letters too.</summary>
    public bool IgnoreTitleCase { get; init; }

    /// <summary>Whether there is none.</summary>
    public bool IsNone => this == None;

    /// <summary>Both: what either of them asks for. Of two limits the smaller, of two groupings that of <paramref name="other"/> unless it is the default.</summary>
    public PeerQuirks With(PeerQuirks other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.IsNone)
            return this;
        return new PeerQuirks
        {
            NoAsynchronousWindow = NoAsynchronousWindow || other.NoAsynchronousWindow,
            EvenItems = EvenItems || other.EvenItems,
            Grouping = other.Grouping == PduGrouping.Gathered ? Grouping : other.Grouping,
            MaxPduLength = Cap(MaxPduLength, other.MaxPduLength),
            AssumeRoles = AssumeRoles || other.AssumeRoles,
            RefusalMeansDefault = RefusalMeansDefault || other.RefusalMeansDefault,
            EvenContextIds = EvenContextIds || other.EvenContextIds,
            IgnoreTitleCase = IgnoreTitleCase || other.IgnoreTitleCase,
        };
    }

    /// <summary>The names of what is on, as a file of quirks spells them; <c>none</c> if nothing is.</summary>
    public override string ToString() => IsNone ? "none" : string.Join(", ", QuirkProperty.All.Select(property => property.Describe(this)).Where(text => text is not null));

    /// <summary>The maximum length to keep to with a peer that announced <paramref name="announced"/>; 0 is none.</summary>
    internal uint Within(uint announced) => Cap(announced, MaxPduLength);

    private static uint Cap(uint left, uint right) => left == 0 ? right : right == 0 ? left : Math.Min(left, right);
}
