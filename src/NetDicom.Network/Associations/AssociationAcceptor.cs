using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>The acceptor's way to an open association: A-ASSOCIATE-RQ in, the checks in the order of PS3.8 and PS3.7 annex D, the answer out.</summary>
internal sealed class AssociationAcceptor(AETitle title, AcceptorPolicy policy, ServiceHandlers handlers, DicomServerOptions options)
{
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
            try
            {
                return await AnswerAsync(upperLayer, request, tryTakePlace).ConfigureAwait(false);
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
        AAssociateRJ? rejection = Check(request);
        // Last, since a place that was taken must be given back.
        if (rejection is null && !tryTakePlace())
            rejection = AAssociateRJ.LocalLimitExceeded;
        if (rejection is not null)
        {
            upperLayer.Log.Rejecting(rejection);
            await upperLayer.RequestAsync(UlEvent.Evt8, rejection).ConfigureAwait(false);
            return await LastPduSentAsync(upperLayer).ConfigureAwait(false);
        }

        NegotiationResult result = Negotiation.NegotiateContexts(request, policy);
        AsynchronousOperationsWindow? window = request.UserInformation.AsynchronousOperationsWindow?.Within(
            new AsynchronousOperationsWindow(options.MaxOperationsPerformed, 1));
        AAssociateAC accept = AAssociateAC.To(request, result.Results, new UserInformation
        {
            MaximumLength = options.MaxPduLength,
            ImplementationClassUid = Implementation.ClassUid,
            ImplementationVersionName = Implementation.VersionName,
            AsynchronousOperationsWindow = window,
            RoleSelections = result.RoleReplies,
        });
        Association association = Association.CreateAcceptor(upperLayer, request, result.Contexts, window ?? new(1, 1), handlers, options.NetworkTimeout);
        await upperLayer.RequestAsync(UlEvent.Evt7, accept).ConfigureAwait(false);
        association.StartAcceptor();
        return association;
    }

    // Sta13: the peer closes, or ARTIM does, and the reading ends with an exception.
    private static async Task<Association?> LastPduSentAsync(UpperLayer upperLayer)
    {
        while (true)
            await upperLayer.ReadAsync().ConfigureAwait(false);
    }

    private AAssociateRJ? Check(AAssociateRQ request)
    {
        if (request.ApplicationContextName != AAssociatePdu.DicomApplicationContextName)
            return AAssociateRJ.ApplicationContextNameNotSupported;
        if (request.CalledAETitle.IsNone || (options.RequireCalledAETitle && request.CalledAETitle != title))
            return AAssociateRJ.CalledAETitleNotRecognized;
        if (request.CallingAETitle.IsNone || (options.AllowedCallingAETitles is { } allowed && !allowed.Contains(request.CallingAETitle.ToString())))
            return AAssociateRJ.CallingAETitleNotRecognized;
        return null;
    }
}
