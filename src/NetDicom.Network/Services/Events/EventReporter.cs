using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>
/// Brings N-EVENT-REPORT to an entity by its title: on an association that it has opened, or else on one of our own, on which we ask to be the SCP (PS3.7 annex D.3.3.4).
/// </summary>
/// <param name="entity">Who reports.</param>
/// <param name="abstractSyntax">The SOP class of the context that events of this kind go on.</param>
/// <param name="open">The associations of others.</param>
/// <param name="resolve">Where a title is; null, or an answer of null, for one that is not called.</param>
/// <param name="log">Told what is wrong with <paramref name="resolve"/>.</param>
internal sealed class EventReporter(
    ApplicationEntity entity, DicomUid abstractSyntax, OpenAssociations open, Func<AETitle, CancellationToken, ValueTask<EntityAddress?>>? resolve, AssociationLog log)
{
    private readonly NServiceOptions _options = new() { AbstractSyntax = abstractSyntax };

    /// <summary>An association of our own with a receiver, kept for more events.</summary>
    public sealed class Line : IAsyncDisposable
    {
        public Association? Association { get; set; }

        public async ValueTask DisposeAsync()
        {
            if (Association is not { } association)
                return;
            Association = null;
            try
            {
                await association.ReleaseAsync().ConfigureAwait(false);
            }
            catch (AssociationEndedException)
            {
                // It is over all the same.
            }

            await association.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Sends an event once.</summary>
    /// <param name="receiver">Whom to.</param>
    /// <param name="report">The event.</param>
    /// <param name="line">Where an association of our own is kept; the caller closes it.</param>
    /// <param name="onOpen">Whether associations of the receiver are used at all.</param>
    /// <param name="preferred">The one to be tried first.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The response; null if the receiver cannot be reached, with the reason in the log of the association.</returns>
    public async Task<NResponse?> SendAsync(AETitle receiver, EventReport report, Line line, bool onOpen, Association? preferred, CancellationToken cancellationToken)
    {
        if (onOpen)
        {
            Association[] theirs = open.Of(receiver.ToString());
            if (preferred is { IsOpen: true } && preferred.TryFindContext(abstractSyntax, default, asScp: true) is not null)
                theirs = [preferred, .. theirs.Where(one => one != preferred)];
            foreach (Association association in theirs)
            {
                if (await TryAsync(association, report, cancellationToken).ConfigureAwait(false) is { } response)
                    return response;
            }
        }

        for (int attempt = 0; attempt < 2; attempt++)
        {
            bool isFresh = line.Association is not { IsOpen: true };
            if (isFresh && !await OpenAsync(receiver, line, cancellationToken).ConfigureAwait(false))
                return null;
            if (await TryAsync(line.Association!, report, cancellationToken).ConfigureAwait(false) is { } response)
                return response;
            await line.DisposeAsync().ConfigureAwait(false);
            // One that was kept may have been closed by the receiver meanwhile; a fresh one that fails is an answer.
            if (isFresh)
                return null;
        }

        return null;
    }

    private async Task<NResponse?> TryAsync(Association association, EventReport report, CancellationToken cancellationToken)
    {
        try
        {
            return await association.NEventReportAsync(report.SopClassUid, report.InstanceUid, report.EventTypeId, report.Information, _options, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is DicomNetworkException or ObjectDisposedException)
        {
            return null;
        }
    }

    private async Task<bool> OpenAsync(AETitle receiver, Line line, CancellationToken cancellationToken)
    {
        await line.DisposeAsync().ConfigureAwait(false);
        try
        {
            if (resolve is null || await resolve(receiver, cancellationToken).ConfigureAwait(false) is not { } address)
                return false;
            AssociationOptions options = (address.Options ?? new AssociationOptions()) with
            {
                CalledAETitle = receiver.ToString(),
                RequestedContexts = PresentationContexts.WithRoles([PresentationContexts.Create(abstractSyntax, [])], scu: false, scp: true),
            };
            line.Association = await entity.AssociateAsync(address.Host, address.Port, options, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (DicomNetworkException)
        {
            return false;
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // The owner's function failed, or what it answered is no address: perhaps not the next time.
            log.ReceiverNotFound(receiver, error);
            return false;
        }
    }
}
