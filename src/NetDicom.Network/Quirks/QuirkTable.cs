using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>Peers and what is done otherwise for them. Immutable.</summary>
public sealed class QuirkTable
{
    /// <summary>A table of <paramref name="rules"/>.</summary>
    /// <exception cref="ArgumentException">Two rules have one name.</exception>
    public QuirkTable(IEnumerable<QuirkRule> rules)
    {
        Rules = [.. rules];
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (QuirkRule rule in Rules)
        {
            if (!names.Add(rule.Name))
                throw new ArgumentException($"two rules are called '{rule.Name}'", nameof(rules));
        }
    }

    /// <summary>No rules: every peer is taken to keep to the standard.</summary>
    public static QuirkTable Empty { get; } = new([]);

    /// <summary>
    /// What is known of equipment in the field (docs/quirks.md). Rules that name a peer apply by themselves; the others are for asking by name. None of them
    /// lets anybody in who would be kept out without it.
    /// </summary>
    public static QuirkTable BuiltIn { get; } = new(
    [
        new QuirkRule
        {
            Name = "ge-619.6.55",
            ImplementationClassUid = new DicomUid("1.2.840.113619.6.55"),
            Reason = "GE equipment of this implementation class drops the connection at the first message after a window of 0/0 was proposed (dcm4che issue 1120). "
                + "It is known only by its answer: name this rule for it, or its title in a file, when a window is wanted with others",
            Quirks = new PeerQuirks { NoAsynchronousWindow = true },
        },
        new QuirkRule
        {
            Name = "conquest",
            ImplementationClassUid = new DicomUid("1.2.826.0.1.3680043.2.135.1066"),
            Reason = "Conquest answers a request for C-GET without role selection, so that its C-STORE would be refused (pynetdicom issue 300)",
            Quirks = new PeerQuirks { AssumeRoles = true },
        },
        new QuirkRule
        {
            Name = "assume-roles",
            Reason = "C-GET or storage commitment with a peer that says nothing of roles (pynetdicom issue 543, dcm4che issue 463)",
            Quirks = new PeerQuirks { AssumeRoles = true },
        },
        new QuirkRule
        {
            Name = "one-pdu-per-write",
            Reason = "a peer that hangs or aborts when a PDU comes together with the next",
            Quirks = new PeerQuirks { Grouping = PduGrouping.OnePduPerWrite },
        },
        new QuirkRule
        {
            Name = "command-with-data",
            Reason = "a peer that expects command and data set in one PDU",
            Quirks = new PeerQuirks { Grouping = PduGrouping.CommandWithData },
        },
        new QuirkRule
        {
            Name = "even-items",
            Reason = "a peer that takes items of even length only in A-ASSOCIATE",
            Quirks = new PeerQuirks { EvenItems = true },
        },
        new QuirkRule
        {
            Name = "cautious",
            Reason = "the first thing to try with old equipment: no window, one PDU of 16 KiB at most in a write",
            Quirks = new PeerQuirks { NoAsynchronousWindow = true, Grouping = PduGrouping.OnePduPerWrite, MaxPduLength = 16_384 },
        },
    ]);

    /// <summary>The rules, in order.</summary>
    public IReadOnlyList<QuirkRule> Rules { get; }

    /// <summary>Reads a table from JSON (docs/quirks.md describes it).</summary>
    /// <exception cref="FormatException">It is no JSON, or not a table; the message is one line and says where.</exception>
    public static QuirkTable Parse(ReadOnlyMemory<byte> json) => QuirkFile.Read(json);

    /// <summary>The rule of that name, capitals and small letters alike; null if there is none.</summary>
    public QuirkRule? Find(string name) => Rules.FirstOrDefault(rule => string.Equals(rule.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>What all rules that name the peer ask for.</summary>
    /// <param name="title">The peer's AE title.</param>
    /// <param name="implementationClassUid">Its implementation class UID; none where it is not known (yet).</param>
    /// <param name="implementationVersionName">Its implementation version name; null where it is not known (yet).</param>
    public PeerQuirks Find(AETitle title, DicomUid implementationClassUid = default, string? implementationVersionName = null)
    {
        PeerQuirks found = PeerQuirks.None;
        foreach (QuirkRule rule in Rules)
        {
            if (rule.NamesPeers && rule.Matches(title, implementationClassUid, implementationVersionName))
                found = found.With(rule.Quirks);
        }

        return found;
    }
}
