namespace NetDicom.Network;

/// <summary>The associations that a server of an entity has accepted, that are open, and on which this side may report events of certain classes. Safe for several threads.</summary>
internal sealed class OpenAssociations
{
    private readonly Lock _gate = new();
    private readonly List<Association> _open = [];
    private readonly DicomUid[] _abstractSyntaxes;

    /// <param name="entity">The entity. Only associations are seen that are accepted by servers started afterwards.</param>
    /// <param name="abstractSyntaxes">The association has a context of one of them, with this side as the SCP.</param>
    public OpenAssociations(ApplicationEntity entity, params DicomUid[] abstractSyntaxes)
    {
        _abstractSyntaxes = abstractSyntaxes;
        entity.OnEstablished(Track);
    }

    /// <summary>Those that are open.</summary>
    public Association[] All()
    {
        lock (_gate)
            return [.. _open.Where(association => association.IsOpen)];
    }

    /// <summary>Those that an entity of this title has asked for, the latest first.</summary>
    public Association[] Of(string title)
    {
        lock (_gate)
            return [.. _open.Where(association => association.IsOpen && association.CallingAETitle.ToString() == title).Reverse()];
    }

    private void Track(Association association)
    {
        if (!Array.Exists(_abstractSyntaxes, one => association.TryFindContext(one, default, asScp: true) is not null))
            return;
        lock (_gate)
            _open.Add(association);
        // The task never fails.
        _ = association.Completion.ContinueWith(
            _ =>
            {
                lock (_gate)
                    _open.Remove(association);
            }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }
}
