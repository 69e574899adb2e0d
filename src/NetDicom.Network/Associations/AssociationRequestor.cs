using System.Net.Sockets;
using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>The requestor's way to an open association: connect, TLS, A-ASSOCIATE.</summary>
internal static class AssociationRequestor
{
    public static async Task<Association> AssociateAsync(
        AETitle callingAETitle,
        IReadOnlyList<PresentationContext> contexts,
        ServiceHandlers handlers,
        string host,
        int port,
        AssociationOptions options,
        CancellationToken cancellationToken)
    {
        // Before the peer has answered its title is all that is known of it.
        PeerQuirks quirks = options.Quirks.With(options.QuirkTable.Find(AETitle.Parse(options.CalledAETitle)));
        AAssociateRQ request = BuildRequest(callingAETitle, contexts, options, quirks);
        var log = new AssociationLog(options.LoggerFactory);
        Transport transport = await ConnectAsync(host, port, options, cancellationToken).ConfigureAwait(false);
        var upperLayer = new UpperLayer(transport, AssociationRole.Requestor, new UpperLayerOptions
        {
            ArtimTimeout = options.ArtimTimeout,
            NetworkTimeout = options.NetworkTimeout,
            MinReceiveRate = options.MinReceiveRate,
            MaxPduLength = options.MaxPduLength,
            TimeProvider = options.TimeProvider,
            Log = log,
            Observer = options.Observer,
        });
        try
        {
            return await NegotiateAsync(upperLayer, request, handlers, options, quirks, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            upperLayer.Dispose();
            throw;
        }
    }

    private static AAssociateRQ BuildRequest(AETitle callingAETitle, IReadOnlyList<PresentationContext> contexts, AssociationOptions options, PeerQuirks quirks)
    {
        AAssociateRQ request = Negotiation.BuildRequest(AETitle.Parse(options.CalledAETitle), callingAETitle, contexts, new UserInformation
        {
            MaximumLength = options.MaxPduLength,
            ImplementationClassUid = Implementation.ClassUid,
            ImplementationVersionName = Implementation.VersionName,
            AsynchronousOperationsWindow = quirks.NoAsynchronousWindow ? null : options.AsynchronousOperationsWindow,
            SopClassExtendedNegotiations = options.ExtendedNegotiations,
            SopClassCommonExtendedNegotiations = options.CommonExtendedNegotiations,
            UserIdentity = options.UserIdentity,
        });
        request.EvenItems = quirks.EvenItems;
        return request;
    }

    private static async Task<Association> NegotiateAsync(
        UpperLayer upperLayer,
        AAssociateRQ request,
        ServiceHandlers handlers,
        AssociationOptions options,
        PeerQuirks quirks,
        CancellationToken cancellationToken)
    {
        upperLayer.Log.Requesting(request, upperLayer.RemoteEndPoint);
        upperLayer.Watch.Requested(request, upperLayer.RemoteEndPoint);
        upperLayer.Start(UlEvent.Evt1, request);
        upperLayer.Watchdog.Set(TimeoutKind.Acse, options.AcseTimeout);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        upperLayer.OnEnded = _ => ended.TrySetResult();
        await upperLayer.RequestAsync(UlEvent.Evt2, request).ConfigureAwait(false);
        UlToken answer;
        try
        {
            answer = await AnswerAsync(upperLayer.ReadAsync(cancellationToken).AsTask(), ended.Task, upperLayer).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await upperLayer.AbortAsync(new AssociationEnd { Kind = AssociationEndKind.AbortedLocally, AbortSource = AbortSource.ServiceUser }).ConfigureAwait(false);
            throw;
        }

        upperLayer.Watchdog.Clear(TimeoutKind.Acse);
        switch (answer)
        {
            case UlToken.Accepted:
                var accept = (AAssociateAC)upperLayer.Pdu!;
                quirks = quirks.With(options.QuirkTable.Find(request.CalledAETitle, accept.UserInformation.ImplementationClassUid, accept.UserInformation.ImplementationVersionName));
                upperLayer.TakeQuirks(quirks);
                return Association.StartRequestor(
                    upperLayer, request, accept, Negotiation.ReadAnswer(request, accept, quirks.RefusalMeansDefault, quirks.AssumeRoles), handlers, options);
            case UlToken.Rejected:
                var rejection = (AAssociateRJ)upperLayer.Pdu!;
                upperLayer.Log.Rejected(rejection);
                upperLayer.Watch.Rejected(rejection);
                throw new AssociationRejectedException(rejection);
            default:
                throw upperLayer.Ended!.ToException();
        }
    }

    // After a limit has passed or a rule was broken our A-ABORT is out, and the peer has ARTIM to close: it has a moment here, since the caller has waited his time.
    private static async Task<UlToken> AnswerAsync(Task<UlToken> reading, Task ended, UpperLayer upperLayer)
    {
        if (await Task.WhenAny(reading, ended).ConfigureAwait(false) != reading)
            await Task.WhenAny(reading, Task.Delay(AssociationEngine.CloseWait)).ConfigureAwait(false);
        if (reading.IsCompleted)
            return await reading.ConfigureAwait(false);
        // It ends with the connection, which the caller of this closes; nobody looks at it then.
        _ = reading.ContinueWith(static late => late.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        throw upperLayer.Ended!.ToException();
    }

    private static async Task<Transport> ConnectAsync(string host, int port, AssociationOptions options, CancellationToken cancellationToken)
    {
        Socket socket = await ConnectSocketAsync(host, port, options, cancellationToken).ConfigureAwait(false);
        if (options.Tls is null)
            return new SocketTransport(socket);
        using var limit = new TimeLimit(options.ConnectTimeout, options.TimeProvider, cancellationToken);
        try
        {
            return await TlsHandshake.ConnectAsync(socket, options.Tls, host, limit).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (error is OperationCanceledException)
                throw new ConnectionFailedException(host, port, $"no TLS handshake within {options.ConnectTimeout.TotalSeconds} s", error);
            throw new ConnectionFailedException(host, port, $"TLS handshake failed: {error.Message}", error);
        }
    }

    private static async Task<Socket> ConnectSocketAsync(string host, int port, AssociationOptions options, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using var limit = new TimeLimit(options.ConnectTimeout, options.TimeProvider, cancellationToken);
        try
        {
            await socket.ConnectAsync(host, port, limit.Token).ConfigureAwait(false);
            return socket;
        }
        catch (Exception error)
        {
            socket.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            if (error is OperationCanceledException)
                throw new ConnectionFailedException(host, port, $"no answer within {options.ConnectTimeout.TotalSeconds} s", error);
            if (error is SocketException)
                throw new ConnectionFailedException(host, port, error.Message, error);
            throw;
        }
    }
}
