using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>The acceptor's way to an open association: A-ASSOCIATE-RQ in, the checks in the order of PS3.8 and PS3.7 annex D, the answer out.</summary>
internal sealed class AssociationAcceptor(AETitle title, IReadOnlyList<PresentationContext> supported, ServiceHandlers handlers, DicomServerOptions options)
{
    /// <summary>The acceptor for a request by its called title, where several entities share the port; null for this one.</summary>
    public Func<AETitle, AssociationAcceptor?>? Route { get; init; }

    /// <summary>Serves one connection until a request has come and is accepted; null if it was not.</summary>
    /// <param name="upperLayer">The connection.</param>
    /// <param name="tryTakePlace">Takes one of the server's places for associations; false if there is none.</param>
    public async Task<Association?> AcceptAsync(UpperLayer upperLayer, Func<bool> tryTakePlace)
    {
        try
        {
            upperLayer.Start(UlEvent.Evt5);
            if (await upperLayer.ReadAsync().ConfigureAwait(false) != UlToken.AssociateIndication)
                return null;
            var request = (AAssociateRQ)upperLayer.Pdu!;
            upperLayer.Log.Requested(request, upperLayer.RemoteEndPoint);
            upperLayer.Watch.Requested(request, upperLayer.RemoteEndPoint);
            try
            {
                return await (Route?.Invoke(request.CalledAETitle) ?? this).AnswerAsync(upperLayer, request, tryTakePlace).ConfigureAwait(false);
            }
            catch (PduViolationException violation)
            {
                await upperLayer.ViolateAsync(violation).ConfigureAwait(false);
                return await LastPduSentAsync(upperLayer).ConfigureAwait(false);
            }
        }
        catch (AssociationEndedException)
        {
            return null;
        }
    }

    /// <summary>AE-6: what the service provider itself refuses.</summary>
    public static AAssociateRJ? CheckAsProvider(AAssociateRQ request) => request.SupportsVersion1 ? null : AAssociateRJ.ProtocolVersionNotSupported;

    private async Task<Association?> AnswerAsync(UpperLayer upperLayer, AAssociateRQ request, Func<bool> tryTakePlace)
    {
        var negotiation = new AssociationNegotiation(request, upperLayer.RemoteEndPoint, upperLayer.PeerCertificate)
        {
            SupportedContexts = SupportedContexts(request.CallingAETitle),
            PreferredTransferSyntaxes = options.PreferredTransferSyntaxes,
            AcceptUnknownStorage = options.AcceptUnknownStorage,
            Quirks = options.QuirkTable.Find(request.CallingAETitle, request.UserInformation.ImplementationClassUid, request.UserInformation.ImplementationVersionName),
            MaxPduLength = options.MaxPduLength,
            AsynchronousOperationsWindow = new AsynchronousOperationsWindow(options.MaxOperationsPerformed, 1),
        };
        AAssociateRJ? rejection = await DecideWhileReadingAsync(upperLayer, negotiation).ConfigureAwait(false);
        // Last, since a place that was taken must be given back.
        if (rejection is null && !tryTakePlace())
            rejection = AAssociateRJ.LocalLimitExceeded;
        if (rejection is not null)
        {
            upperLayer.Log.Rejecting(rejection);
            upperLayer.Watch.Rejected(rejection);
            await upperLayer.RequestAsync(UlEvent.Evt8, rejection).ConfigureAwait(false);
            return await LastPduSentAsync(upperLayer).ConfigureAwait(false);
        }

        NegotiationResult result = Negotiation.NegotiateContexts(request, CreatePolicy(negotiation));
        upperLayer.TakeQuirks(negotiation.Quirks);
        AsynchronousOperationsWindow? window = negotiation.AsynchronousOperationsWindow is { } limit && !negotiation.Quirks.NoAsynchronousWindow
            ? request.UserInformation.AsynchronousOperationsWindow?.Within(limit)
            : null;
        upperLayer.MaxPduLength = negotiation.MaxPduLength;
        AAssociateAC accept = AAssociateAC.To(request, result.Results, new UserInformation
        {
            MaximumLength = negotiation.MaxPduLength,
            ImplementationClassUid = Implementation.ClassUid,
            ImplementationVersionName = Implementation.VersionName,
            AsynchronousOperationsWindow = window,
            RoleSelections = result.RoleReplies,
            SopClassExtendedNegotiations = [.. negotiation.ExtendedNegotiationAnswers.Where(answer => WasOffered(request, answer.SopClassUid))],
            UserIdentityResponse = negotiation.UserIdentity is { PositiveResponseRequested: true } ? negotiation.UserIdentityResponse : null,
        });
        accept.EvenItems = negotiation.Quirks.EvenItems;
        Association association = Association.CreateAcceptor(upperLayer, negotiation, accept, result.Contexts, window ?? AsynchronousOperationsWindow.Synchronous, handlers, options);
        association.Scope = options.Services is { } services ? new AssociationScope(services) : null;
        upperLayer.Watch.Accepted(accept);
        await association.StartAcceptorAsync(accept).ConfigureAwait(false);
        return association;
    }

    /// <summary>Decides while the connection is read on: in Sta3 the peer may abort or be gone, which a hook learns through its token, and anything else it sends is a violation (AA-8).</summary>
    private async Task<AAssociateRJ?> DecideWhileReadingAsync(UpperLayer upperLayer, AssociationNegotiation negotiation)
    {
        // Not disposed of: a hook that does not heed its token may look at it long after.
        var gone = new CancellationTokenSource();
        // A hook of the owner's goes to the pool: one that blocks before its first await would hold this thread, which may be that of the sockets, and nobody would watch its time or its peer.
        Task<AAssociateRJ?> deciding = options.Authenticate is null && options.OnNegotiate is null
            ? DecideAsync(upperLayer, negotiation, gone.Token).AsTask()
            : Task.Run(() => DecideAsync(upperLayer, negotiation, gone.Token).AsTask());
        if (deciding.IsCompleted)
            return await deciding.ConfigureAwait(false);
        // The peer owes nothing: it waits for us.
        upperLayer.IsWaitingForPeer = static () => false;
        using var limit = new TimeLimit(options.NegotiationTimeout, options.TimeProvider, CancellationToken.None);
        Task late = Task.Delay(Timeout.InfiniteTimeSpan, limit.Token);
        using var decided = new CancellationTokenSource();
        Task<UlToken> reading = upperLayer.ReadAsync(decided.Token).AsTask();
        if (await Task.WhenAny(deciding, reading, late).ConfigureAwait(false) != reading)
            await decided.CancelAsync().ConfigureAwait(false);
        try
        {
            await reading.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (upperLayer.Ended is null)
        {
            if (deciding.IsCompleted)
                return await deciding.ConfigureAwait(false);
            upperLayer.Log.HookFailed(new TimeoutException($"no decision within {options.NegotiationTimeout.TotalSeconds} s"));
            return AAssociateRJ.TemporaryCongestion;
        }
        catch (OperationCanceledException)
        {
            // Our A-ABORT is out.
            await LastPduSentAsync(upperLayer).ConfigureAwait(false);
        }
        finally
        {
            if (!deciding.IsCompleted)
            {
                await gone.CancelAsync().ConfigureAwait(false);
                // The connection counts as long as its hook works, within the hook's time.
                await Task.WhenAny(deciding, late).ConfigureAwait(false);
            }
        }

        throw upperLayer.Ended!.ToException();
    }

    /// <summary>The order of PS3.7 annex D and PS3.8: context name, titles, identity; then the user's own hook.</summary>
    private async ValueTask<AAssociateRJ?> DecideAsync(UpperLayer upperLayer, AssociationNegotiation negotiation, CancellationToken cancellationToken)
    {
        if (Check(negotiation) is { } rejection)
            return rejection;
        try
        {
            UserIdentity? identity = negotiation.UserIdentity;
            if (options.Authenticate is { } authenticate && (identity is not null || options.RequireUserIdentity))
            {
                UserIdentityDecision decision = identity is null
                    ? UserIdentityDecision.Rejected
                    : await authenticate(identity, negotiation, cancellationToken).ConfigureAwait(false);
                if (decision.Principal is null)
                    return AAssociateRJ.UserIdentityRefused;
                negotiation.Principal = decision.Principal;
                negotiation.UserIdentityResponse = new UserIdentityResponse(decision.ServerResponse);
            }

            if (options.OnNegotiate is { } negotiate)
                await negotiate(negotiation, cancellationToken).ConfigureAwait(false);
            return negotiation.Rejection;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The peer is gone: nobody hears this.
            return AAssociateRJ.TemporaryCongestion;
        }
        catch (Exception error)
        {
            // Whatever it is, the end of another association among them. A hook that fails must not let anybody in, and its exception's text is not for the peer.
            upperLayer.Log.HookFailed(error);
            return AAssociateRJ.TemporaryCongestion;
        }
    }

    private IReadOnlyList<PresentationContext> SupportedContexts(AETitle callingAETitle) =>
        options.SupportedContextsByPeer is { } byPeer && byPeer.TryGetValue(callingAETitle.ToString(), out IReadOnlyList<PresentationContext>? contexts)
            ? contexts
            : options.SupportedContexts ?? supported;

    private static AcceptorPolicy CreatePolicy(AssociationNegotiation negotiation)
    {
        IReadOnlyList<PresentationContext> contexts = negotiation.SupportedContexts;
        IEnumerable<PresentationContext> ordered = contexts;
        if (negotiation.PreferredTransferSyntaxes is { Count: > 0 } preferred)
        {
            DicomUid[] first = [.. preferred.Select(syntax => syntax.Uid)];
            ordered = contexts.Select(context => new PresentationContext(
                context.AbstractSyntax,
                [.. first.Where(uid => context.TransferSyntaxes.Contains(uid)), .. context.TransferSyntaxes.Where(uid => !first.Contains(uid))])
            {
                ScuRole = context.ScuRole,
                ScpRole = context.ScpRole,
            });
        }

        return new AcceptorPolicy(ordered)
        {
            Preference = negotiation.PreferredTransferSyntaxes is null ? TransferSyntaxPreference.Requestor : TransferSyntaxPreference.Acceptor,
            AcceptUnknownStorage = negotiation.AcceptUnknownStorage ? MayBeStorage : null,
            AcceptEvenIds = negotiation.Quirks.EvenContextIds,
            AssumeRoles = negotiation.Quirks.AssumeRoles,
        };
    }

    // A class that PS3.4 does not list may be a private storage class; one of another service cannot be.
    private static bool MayBeStorage(DicomUid abstractSyntax, DicomUid serviceClass) => !SopClasses.TryGet(abstractSyntax, out SopClassInfo info) || info.IsStorage;

    private static bool WasOffered(AAssociateRQ request, DicomUid sopClass)
    {
        foreach (SopClassExtendedNegotiation offer in request.UserInformation.SopClassExtendedNegotiations)
        {
            if (offer.SopClassUid == sopClass)
                return true;
        }

        return false;
    }

    // Sta13: the peer closes, or ARTIM does, and the reading ends with an exception.
    private static async Task<Association?> LastPduSentAsync(UpperLayer upperLayer)
    {
        while (true)
            await upperLayer.ReadAsync().ConfigureAwait(false);
    }

    private AAssociateRJ? Check(AssociationNegotiation negotiation)
    {
        AAssociateRQ request = negotiation.Request;
        StringComparison comparison = negotiation.Quirks.IgnoreTitleCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        if (request.ApplicationContextName != AAssociatePdu.DicomApplicationContextName)
            return AAssociateRJ.ApplicationContextNameNotSupported;
        if (request.CalledAETitle.IsNone || (options.RequireCalledAETitle && !string.Equals(request.CalledAETitle.ToString(), title.ToString(), comparison)))
            return AAssociateRJ.CalledAETitleNotRecognized;
        if (request.CallingAETitle.IsNone || (options.AllowedCallingAETitles is { } allowed && !allowed.Contains(request.CallingAETitle.ToString())))
            return AAssociateRJ.CallingAETitleNotRecognized;
        return null;
    }
}
