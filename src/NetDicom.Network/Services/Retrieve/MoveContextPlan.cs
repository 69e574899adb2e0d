using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>
/// The presentation contexts for objects to be sent: one for each pair of SOP class and transfer syntax, since an acceptor picks one syntax of a context; and for uncompressed objects one with the
/// uncompressed syntaxes that every peer has, into which they can be re-encoded (PS3.5 section 10.1).
/// </summary>
internal sealed class MoveContextPlan
{
    /// <summary>Ids are the odd numbers to 255 (PS3.8 section 9.3.2.2).</summary>
    public const int MaxContexts = 128;

    private readonly HashSet<(DicomUid SopClass, DicomUid Syntax)> _pairs = [];
    private readonly List<PresentationContext> _contexts = [];

    public IReadOnlyList<PresentationContext> Contexts => _contexts;

    /// <summary>Makes sure that an object can go; false if there is no room for the contexts it needs.</summary>
    public bool TryAdd(DicomUid sopClass, TransferSyntax syntax)
    {
        if (_pairs.Contains((sopClass, syntax.Uid)))
            return true;
        bool isImplicit = syntax == TransferSyntax.ImplicitVRLittleEndian;
        bool needsDefault = !isImplicit && DataSetTranscoder.CanTranscode(syntax, TransferSyntax.ImplicitVRLittleEndian) && !_pairs.Contains((sopClass, TransferSyntax.ImplicitVRLittleEndian.Uid));
        if (_contexts.Count + (needsDefault ? 2 : 1) > MaxContexts)
            return false;
        Add(sopClass, syntax);
        if (needsDefault)
            Add(sopClass, TransferSyntax.ImplicitVRLittleEndian);
        return true;
    }

    private void Add(DicomUid sopClass, TransferSyntax syntax)
    {
        _pairs.Add((sopClass, syntax.Uid));
        _contexts.Add(new PresentationContext(sopClass, [syntax.Uid]));
    }
}
