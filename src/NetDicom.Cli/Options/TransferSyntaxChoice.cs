using System.CommandLine;
using NetDicom.Cli.Commands;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Cli.Options;

/// <summary>The one transfer syntax that a user wants proposed or preferred.</summary>
internal enum TransferSyntaxChoice
{
    None,
    ExplicitLittleEndian,
    ExplicitBigEndian,
    ImplicitLittleEndian,
    AnyExplicit,
}

/// <summary>SCU: <c>-xe -xb -xi</c>, propose only that transfer syntax.</summary>
internal sealed class RequestedSyntaxOptions
{
    private readonly Option<bool> _little = new("--request-little", "-xe") { Description = "propose Explicit VR Little Endian only (default: it, Implicit, Deflated and Explicit Big Endian)" };
    private readonly Option<bool> _big = new("--request-big", "-xb") { Description = "propose Explicit VR Big Endian only" };
    private readonly Option<bool> _implicit = new("--request-implicit", "-xi") { Description = "propose Implicit VR Little Endian only" };

    public RequestedSyntaxOptions(Command command, params Option[] alsoExclusive)
    {
        command.Options.Add(_little);
        command.Options.Add(_big);
        command.Options.Add(_implicit);
        Exclusive.Add(command, [_little, _big, _implicit, .. alsoExclusive]);
    }

    public TransferSyntaxChoice Read(ParseResult arguments) =>
        arguments.GetValue(_little) ? TransferSyntaxChoice.ExplicitLittleEndian
        : arguments.GetValue(_big) ? TransferSyntaxChoice.ExplicitBigEndian
        : arguments.GetValue(_implicit) ? TransferSyntaxChoice.ImplicitLittleEndian
        : TransferSyntaxChoice.None;

    /// <summary>A context for each class, with the transfer syntaxes that are wanted, or else the uncompressed ones.</summary>
    public PresentationContext[] Contexts(ParseResult arguments, params IEnumerable<DicomUid> classes)
    {
        DicomUid[] syntaxes = [.. Syntaxes.Requested(Read(arguments)).Select(syntax => syntax.Uid)];
        return [.. classes.Select(uid => new PresentationContext(uid, syntaxes))];
    }
}

/// <summary>SCP: <c>-x= -xe -xb -xi</c>, the order in which a proposed transfer syntax is chosen.</summary>
internal sealed class PreferredSyntaxOptions
{
    private readonly Option<bool> _explicit = new("--prefer-uncompr", "-x=") { Description = "Explicit VR before Implicit VR (default: the order in which the peer proposes)" };
    private readonly Option<bool> _little = new("--prefer-little", "-xe") { Description = "Explicit VR Little Endian first" };
    private readonly Option<bool> _big = new("--prefer-big", "-xb") { Description = "Explicit VR Big Endian first" };
    private readonly Option<bool> _implicit = new("--implicit", "-xi") { Description = "accept Implicit VR Little Endian only" };

    public PreferredSyntaxOptions(Command command)
    {
        command.Options.Add(_explicit);
        command.Options.Add(_little);
        command.Options.Add(_big);
        command.Options.Add(_implicit);
        Exclusive.Add(command, _explicit, _little, _big, _implicit);
    }

    public TransferSyntaxChoice Read(ParseResult arguments) =>
        arguments.GetValue(_explicit) ? TransferSyntaxChoice.AnyExplicit
        : arguments.GetValue(_little) ? TransferSyntaxChoice.ExplicitLittleEndian
        : arguments.GetValue(_big) ? TransferSyntaxChoice.ExplicitBigEndian
        : arguments.GetValue(_implicit) ? TransferSyntaxChoice.ImplicitLittleEndian
        : TransferSyntaxChoice.None;
}
