using NetDicom.Cli.Options;

namespace NetDicom.Cli.Commands;

/// <summary>The transfer syntaxes behind the short options.</summary>
internal static class Syntaxes
{
    /// <summary>What is proposed without any wish: the uncompressed ones.</summary>
    public static IReadOnlyList<TransferSyntax> Default { get; } =
    [
        TransferSyntax.ExplicitVRLittleEndian, TransferSyntax.ImplicitVRLittleEndian,
        TransferSyntax.DeflatedExplicitVRLittleEndian, TransferSyntax.ExplicitVRBigEndian,
    ];

    /// <summary>What an SCU proposes.</summary>
    public static IReadOnlyList<TransferSyntax> Requested(TransferSyntaxChoice choice) =>
        choice == TransferSyntaxChoice.None ? Default : [One(choice)];

    /// <summary>The order in which an SCP chooses; null: the peer's order.</summary>
    public static IReadOnlyList<TransferSyntax>? Preferred(TransferSyntaxChoice choice) => choice switch
    {
        TransferSyntaxChoice.None => null,
        TransferSyntaxChoice.AnyExplicit => [TransferSyntax.ExplicitVRLittleEndian, TransferSyntax.ExplicitVRBigEndian, TransferSyntax.ImplicitVRLittleEndian],
        TransferSyntaxChoice.ExplicitLittleEndian => [TransferSyntax.ExplicitVRLittleEndian, TransferSyntax.ExplicitVRBigEndian, TransferSyntax.ImplicitVRLittleEndian],
        TransferSyntaxChoice.ExplicitBigEndian => [TransferSyntax.ExplicitVRBigEndian, TransferSyntax.ExplicitVRLittleEndian, TransferSyntax.ImplicitVRLittleEndian],
        _ => [TransferSyntax.ImplicitVRLittleEndian],
    };

    /// <summary>The one syntax of a choice.</summary>
    public static TransferSyntax One(TransferSyntaxChoice choice) => choice switch
    {
        TransferSyntaxChoice.ExplicitLittleEndian => TransferSyntax.ExplicitVRLittleEndian,
        TransferSyntaxChoice.ExplicitBigEndian => TransferSyntax.ExplicitVRBigEndian,
        TransferSyntaxChoice.ImplicitLittleEndian => TransferSyntax.ImplicitVRLittleEndian,
        _ => throw new ArgumentOutOfRangeException(nameof(choice), choice, "not one transfer syntax"),
    };
}
