namespace NetDicom.Network;

/// <summary>The association was over before the operation was: aborted by either side, its connection lost, a time limit passed, or released.</summary>
public sealed class AssociationEndedException : DicomNetworkException
{
    internal AssociationEndedException(AssociationEnd end) : base(end.Describe(), end.Exception) => End = end;

    /// <summary>How the association ended.</summary>
    public AssociationEnd End { get; }

    /// <inheritdoc/>
    public override bool IsTransient => End.Kind is AssociationEndKind.ConnectionLost or AssociationEndKind.TimedOut;
}
